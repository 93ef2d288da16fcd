//! Chromium by its driver: what a person does with a page, and axe that looks at it.

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
        self.open(portal, width, script, json!({})).await
    }

    /// A telephone's screen, narrower than any window.
    pub async fn phone(&self, portal: &str, width: u32) -> Browser {
        self.open(portal, width, true, json!({ "deviceMetrics": { "width": width, "height": 700, "pixelRatio": 2.0, "mobile": true } })).await
    }

    async fn open(&self, portal: &str, width: u32, script: bool, phone: serde_json::Value) -> Browser {
        let mut options = json!({ "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", format!("--window-size={width},900")] });
        if !script {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        if phone != json!({}) {
            options["mobileEmulation"] = phone;
        }
        let caps = [("goog:chromeOptions".to_owned(), options)].into_iter().collect();
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let client = ClientBuilder::new(connector).capabilities(caps).connect(&format!("http://127.0.0.1:{}", self.1)).await.unwrap();
        Browser { client, portal: portal.to_owned(), script, width }
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
}

impl Browser {
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
        let e = self.find(&format!("[name=\"{name}\"]")).await;
        e.clear().await.unwrap();
        e.send_keys(text).await.unwrap();
    }

    pub async fn select(&self, name: &str, value: &str) {
        self.find(&format!("select[name=\"{name}\"]")).await.select_by_value(value).await.unwrap();
    }

    pub async fn choose(&self, name: &str, value: &str) {
        self.press(&format!("input[name=\"{name}\"][value=\"{value}\"]")).await;
    }

    /// Clicks what stands on the page, wherever it stands.
    pub async fn press(&self, css: &str) {
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
