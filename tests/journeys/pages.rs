//! Every kind of page in Chromium: axe finds nothing, nothing scrolls sideways, and old phones see the same layout.

use crate::browser::Driver;
use crate::samples::{self, Sample};
use crate::world::World;
use axum::Router;
use axum::extract::{RawPathParams, State};
use axum::response::Html;
use axum::routing::get;
use motcua::base::lang::Lang;
use serde_json::json;
use std::sync::Arc;

type Shelf = Arc<Vec<(String, String)>>;

/// Serves the samples beside the portal's own static files: `/mau/3` as rendered, `/mau/3/khong-script` as a browser
/// without script reads it (script out, `noscript` in: axe itself needs script to run).
async fn shelf(samples: &[Sample]) -> String {
    let world = World::new().await;
    let pages: Shelf = Arc::new(samples.iter().map(|s| (s.html.clone(), without_script(&s.html))).collect());
    let number = |params: &RawPathParams| params.iter().next().unwrap().1.parse::<usize>().unwrap();
    let page = async move |State(p): State<Shelf>, params: RawPathParams| Html(p[number(&params)].0.clone());
    let plain = async move |State(p): State<Shelf>, params: RawPathParams| Html(p[number(&params)].1.clone());
    let router = Router::new().route("/mau/{n}", get(page)).route("/mau/{n}/khong-script", get(plain)).with_state(pages).fallback_service(world.router.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let _world = world;
        axum::serve(listener, router).await
    });
    url
}

fn without_script(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(open) = rest.find("<script") {
        out.push_str(&rest[..open]);
        rest = rest[open..].split_once("</script>").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out.replace("<noscript>", "").replace("</noscript>", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_empty_filled_and_with_faults_is_clean_at_both_widths_with_script_and_without() {
    let samples = samples::walk(Lang::Vi).await;
    let url = shelf(&samples).await;
    let driver = Arc::new(Driver::start());
    let mut looks = Vec::new();
    for width in [390, 1180] {
        let (driver, url) = (Arc::clone(&driver), url.clone());
        let names: Vec<String> = samples.iter().map(|s| format!("{} {}", s.view, s.kind)).collect();
        looks.push(tokio::spawn(async move {
            let mut faults = Vec::new();
            let b = driver.browser(&url, width, true).await;
            for (i, name) in names.iter().enumerate() {
                for page in [format!("/mau/{i}"), format!("/mau/{i}/khong-script")] {
                    b.goto(&page).await;
                    faults.extend(b.faults().await.into_iter().map(|f| format!("{name} at {width}: {f}")));
                }
            }
            b.client.close().await.unwrap();
            faults
        }));
    }
    let mut faults = Vec::new();
    for look in looks {
        faults.extend(look.await.unwrap());
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Takes out what browsers before 2022 don't know: layers, nested rules, `:has`.
const OLD: &str = "for (const sheet of document.styleSheets) { const strip = list => { for (let i = list.cssRules.length - 1; i >= 0; i--) { const r = list.cssRules[i];
    if (r.constructor.name.startsWith('CSSLayer') || (r.selectorText || '').includes(':has(')) list.deleteRule(i);
    else if (r.cssRules && r.selectorText) { while (r.cssRules.length) r.deleteRule(0); } else if (r.cssRules) strip(r); } }; strip(sheet); }";
/// Where everything stands.
const BOXES: &str =
    "return JSON.stringify([...document.querySelectorAll('body *')].map(e => { const b = e.getBoundingClientRect(); return [e.tagName, Math.round(b.x), Math.round(b.y), Math.round(b.width)]; }))";
const WIDER: &str = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_scrolls_sideways_at_320_and_old_browsers_keep_the_layout() {
    let samples = samples::walk(Lang::Vi).await;
    let url = shelf(&samples).await;
    let driver = Driver::start();
    let mut faults = Vec::new();
    let b = driver.browser(&url, 1180, true).await;
    for (i, s) in samples.iter().enumerate() {
        b.goto(&format!("/mau/{i}")).await;
        let before = b.client.execute(BOXES, vec![]).await.unwrap();
        b.client.execute(OLD, vec![]).await.unwrap();
        if b.client.execute(BOXES, vec![]).await.unwrap() != before {
            faults.push(format!("{} {} moves in an old browser", s.view, s.kind));
        }
    }
    b.client.close().await.unwrap();
    let narrow = driver.phone(&url, 320).await;
    for (i, s) in samples.iter().enumerate() {
        narrow.goto(&format!("/mau/{i}")).await;
        let width = narrow.client.execute("return window.innerWidth", vec![]).await.unwrap();
        let wider = narrow.client.execute(WIDER, vec![]).await.unwrap();
        if (&width, &wider) != (&json!(320), &json!(0)) {
            faults.push(format!("{} {} scrolls sideways: {width}, {wider}", s.view, s.kind));
        }
    }
    narrow.client.close().await.unwrap();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
