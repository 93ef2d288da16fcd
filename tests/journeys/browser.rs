//! Chromium by its driver: what a person does with a page, and axe that looks at it.

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use motcua::demo::people::PASSWORD;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub struct Driver(Child, u16);

impl Driver {
    pub fn start() -> Self {
        let mut child = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("chromedriver is installed by bin/test");
        let out = BufReader::new(child.stdout.take().unwrap());
        let port =
            out.lines().map_while(Result::ok).find_map(|l| l.split("started successfully on port ").nth(1).and_then(|p| p.trim_end_matches('.').parse().ok())).expect("chromedriver names its port");
        Self(child, port)
    }

    pub async fn browser(&self, portal: &str, width: u32, script: bool) -> Browser {
        self.open(portal, width, script, json!({}), json!({})).await
    }

    /// With these settings of Chromium.
    pub async fn with(&self, portal: &str, width: u32, script: bool, settings: serde_json::Value) -> Browser {
        self.open(portal, width, script, json!({}), settings).await
    }

    /// A telephone's screen, narrower than any window.
    pub async fn phone(&self, portal: &str, width: u32) -> Browser {
        self.open(portal, width, true, json!({ "deviceMetrics": { "width": width, "height": 700, "pixelRatio": 2.0, "mobile": true } }), json!({})).await
    }

    async fn open(&self, portal: &str, width: u32, script: bool, phone: serde_json::Value, settings: serde_json::Value) -> Browser {
        let mut options = json!({ "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", format!("--window-size={width},900")] });
        options["prefs"] = settings;
        if !script {
            options["prefs"]["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        if phone != json!({}) {
            options["mobileEmulation"] = phone;
        }
        let caps = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = ClientBuilder::new(connector).capabilities(caps).connect(&format!("http://127.0.0.1:{}", self.1)).await.unwrap();
        Browser { client, portal: portal.to_owned(), script, width, keyboard: false }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct Browser {
    pub client: Client,
    pub portal: String,
    pub script: bool,
    pub width: u32,
    /// Everything is reached by Tab and done by keys.
    pub keyboard: bool,
}

/// A command of Chromium's own protocol.
#[derive(Debug)]
struct Cdp(&'static str, serde_json::Value);

impl WebDriverCompatibleCommand for Cdp {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }
    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.0, "params": self.1 }).to_string()))
    }
}

const TAB: char = '\u{e004}';
const SPACE: char = ' ';
const ENTER: char = '\u{e007}';
const DOWN: char = '\u{e015}';
/// Control with A, and both let go.
const ALL: &str = "\u{e009}a\u{e000}";

impl Browser {
    /// Asks Chromium itself.
    pub async fn ask(&self, what: &'static str, with: serde_json::Value) -> Result<serde_json::Value, fantoccini::error::CmdError> {
        self.client.issue_cmd(Cdp(what, with)).await
    }

    /// One key, to whatever has the focus.
    async fn tap(&self, key: char) {
        let press = KeyActions::new("keys".to_owned()).then(KeyAction::Down { value: key }).then(KeyAction::Up { value: key });
        self.client.perform_actions(press).await.unwrap();
    }

    /// Goes on by Tab until it stands on what fits; every stop on the way is to be seen, with a ring around it.
    async fn tab_to(&self, css: &str) {
        const SEEN: &str = "const e = document.activeElement; if (e === document.body) return [false, true, '']; const b = e.getBoundingClientRect();
            const at = document.elementFromPoint(b.x + Math.min(b.width / 2, innerWidth - b.x - 1), b.y + Math.min(b.height / 2, 20));
            const ringed = getComputedStyle(e).outlineStyle !== 'none' || e.type === 'radio' || e.type === 'checkbox' || e.type === 'file';
            const seen = b.bottom > 0 && b.top < innerHeight && (!at || e.contains(at) || at.contains(e));
            return [e.matches(arguments[0]), ringed && seen, e.outerHTML.slice(0, 200)]";
        self.find(css).await;
        for _ in 0..250 {
            let (fits, sound, what): (bool, bool, String) = serde_json::from_value(self.client.execute(SEEN, vec![json!(css)]).await.unwrap()).unwrap();
            assert!(sound, "a stop that is not to be seen at {}: {what}", self.client.current_url().await.unwrap());
            if fits {
                return;
            }
            self.tap(TAB).await;
        }
        panic!("{css} is never reached by Tab at {}", self.client.current_url().await.unwrap());
    }

    pub async fn goto(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.portal)).await.unwrap();
    }

    pub async fn find(&self, css: &str) -> fantoccini::elements::Element {
        match self.client.wait().at_most(Duration::from_secs(8)).for_element(Locator::Css(css)).await {
            Ok(e) => e,
            Err(e) => {
                let page = self.client.source().await.unwrap_or_default();
                panic!("no {css} at {} ({e})\n{}", self.client.current_url().await.unwrap(), &page[page.len().saturating_sub(6000)..]);
            }
        }
    }

    pub async fn type_in(&self, name: &str, text: &str) {
        if self.keyboard {
            self.tab_to(&format!("[name=\"{name}\"]")).await;
            self.client.active_element().await.unwrap().send_keys(&format!("{ALL}{text}")).await.unwrap();
            return;
        }
        let e = self.find(&format!("[name=\"{name}\"]")).await;
        e.clear().await.unwrap();
        e.send_keys(text).await.unwrap();
    }

    pub async fn select(&self, name: &str, value: &str) {
        let css = format!("select[name=\"{name}\"]");
        if self.keyboard {
            self.tab_to(&css).await;
            for _ in 0..300 {
                if self.client.execute("return document.activeElement.value", vec![]).await.unwrap() == json!(value) {
                    return;
                }
                self.tap(DOWN).await;
            }
            panic!("{name} never becomes {value}");
        }
        self.find(&css).await.select_by_value(value).await.unwrap();
    }

    pub async fn choose(&self, name: &str, value: &str) {
        if self.keyboard {
            return self.choose_by_keys(name, value).await;
        }
        self.press(&format!("input[name=\"{name}\"][value=\"{value}\"]")).await;
    }

    async fn choose_by_keys(&self, name: &str, value: &str) {
        const STANDS: &str = "const e = document.activeElement; return [e.value === arguments[0], e.checked]";
        for _ in 0..40 {
            self.tab_to(&format!("input[name=\"{name}\"]")).await;
            let (there, checked): (bool, bool) = serde_json::from_value(self.client.execute(STANDS, vec![json!(value)]).await.unwrap()).unwrap();
            match (there, checked) {
                (true, true) => return,
                (true, false) => self.tap(SPACE).await,
                (false, _) => self.tap(DOWN).await,
            }
            // a choice that opens other questions brings the page anew
            tokio::time::sleep(Duration::from_millis(400)).await;
        }
        panic!("{name} never becomes {value}");
    }

    /// A choice, whether it is shown as a list or as buttons.
    pub async fn choose_or_select(&self, name: &str, value: &str) {
        if self.client.find(Locator::Css(&format!("select[name=\"{name}\"]"))).await.is_ok() {
            self.select(name, value).await;
        } else {
            self.choose(name, value).await;
        }
    }

    /// Clicks what stands on the page, wherever it stands.
    pub async fn press(&self, css: &str) {
        if self.keyboard {
            self.tab_to(css).await;
            let box_ = self.client.execute("return document.activeElement.type === 'checkbox'", vec![]).await.unwrap() == json!(true);
            return self.tap(if box_ { SPACE } else { ENTER }).await;
        }
        if self.script {
            // what the last press set off comes first
            tokio::time::sleep(Duration::from_millis(120)).await;
        }
        let e = self.find(css).await;
        if self.script {
            self.client.execute("arguments[0].scrollIntoView({block:'center'})", vec![serde_json::to_value(&e).unwrap()]).await.unwrap();
        }
        e.click().await.unwrap();
    }

    pub async fn attach(&self, css: &str, path: &std::path::Path) {
        self.find(css).await.send_keys(path.to_str().unwrap()).await.unwrap();
    }

    pub async fn text(&self) -> String {
        // a page that is just being left has no text
        self.find("main").await.text().await.unwrap_or_default()
    }

    pub async fn sees(&self, words: &str) {
        for _ in 0..60 {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("“{words}” is not at {}:\n{}", self.client.current_url().await.unwrap(), self.text().await);
    }

    /// Every page is looked at by axe and must not scroll sideways.
    pub async fn look(&self) {
        if self.script {
            let faults = self.faults().await;
            assert!(faults.is_empty(), "{} at {}: {}", self.client.current_url().await.unwrap(), self.width, faults.join("\n"));
        }
    }

    /// What axe finds on this page, and by how much it scrolls sideways.
    pub async fn faults(&self) -> Vec<String> {
        let path = std::path::Path::new(option_env!("CARGO_TARGET_DIR").unwrap_or("target")).join("axe/package/axe.min.js");
        let axe = std::fs::read_to_string(path).expect("axe-core is fetched by bin/test");
        self.client.execute(&axe, vec![]).await.unwrap();
        let found = self
            .client
            .execute_async("axe.run({runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => arguments[0](r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join(' | '))))", vec![])
            .await
            .unwrap();
        let mut faults: Vec<String> = serde_json::from_value(found).unwrap();
        let wider = self.client.execute("return document.documentElement.scrollWidth - document.documentElement.clientWidth", vec![]).await.unwrap().as_i64().unwrap();
        if wider > 0 {
            faults.push(format!("scrolls sideways by {wider}"));
        }
        faults
    }

    pub async fn sign_in(&self, staff: bool, name: &str) {
        self.goto(if staff { "/can-bo/dang-nhap" } else { "/dang-nhap" }).await;
        self.type_in("number", name).await;
        self.type_in("password", PASSWORD).await;
        self.press("main button.button").await;
        self.find(".head__side form").await;
    }
}
