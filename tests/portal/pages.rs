//! Every page in both languages: one heading, labelled fields, small first views.

use crate::samples;
use crate::world::{Visitor, World};
use motcua::base::lang::Lang;
use scraper::{Html as Parsed, Selector};

#[tokio::test]
async fn every_page_in_both_languages_has_one_heading_and_labelled_fields() {
    for lang in [Lang::Vi, Lang::En] {
        let all = samples::walk(lang).await;
        samples::complete(&all);
        for s in all {
            let html = Parsed::parse_document(&s.html);
            let of = |css: &str| html.select(&Selector::parse(css).unwrap()).collect::<Vec<_>>();
            let at = format!("{} {} in {lang:?}", s.view, s.kind);
            assert_eq!(of("h1").len(), 1, "{at}");
            assert_eq!(of("html")[0].value().attr("lang"), Some(if lang == Lang::Vi { "vi" } else { "en" }), "{at}");
            let labelled: Vec<&str> = of("label[for]").iter().filter_map(|l| l.value().attr("for")).collect();
            for field in of("input:not([type=hidden]), select, textarea") {
                let v = field.value();
                let inside = field.ancestors().filter_map(scraper::ElementRef::wrap).any(|a| a.value().name() == "label");
                assert!(
                    inside || v.attr("aria-label").is_some() || v.attr("aria-labelledby").is_some() || v.attr("id").is_some_and(|id| labelled.contains(&id)),
                    "{at}: a field without a label: {v:?}"
                );
            }
            // a page with faults says so in its title, lists them first, and leads to each
            if s.kind == "faults" && !of(".summary").is_empty() {
                let title = of("title")[0].text().collect::<String>();
                assert!(title.starts_with(if lang == Lang::Vi { "Lỗi: " } else { "Error: " }), "{at}: {title}");
                assert_eq!(of(".summary")[0].value().attr("role"), Some("alert"), "{at}");
                let here: Vec<&str> = of("[id]").iter().filter_map(|e| e.value().attr("id")).collect();
                for link in of(".summary a") {
                    let to = link.value().attr("href").unwrap();
                    assert!(to.strip_prefix('#').is_none_or(|id| here.contains(&id)), "{at}: the summary leads nowhere: {to}");
                }
            }
            let mut ids: Vec<&str> = of("[id]").iter().filter_map(|e| e.value().attr("id")).collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all, "{at}: an id twice");
        }
    }
}

/// A first view is small: HTML and styles together, as they go over the line, in three requests at most.
#[tokio::test]
async fn the_first_view_of_public_pages_is_small() {
    let world = World::new().await;
    let mut v: Visitor = world.nobody();
    for path in ["/", "/thu-tuc", "/thu-tuc?q=khai%20sinh", "/thu-tuc/1.001193", "/thu-tuc/2.000488", "/dang-nhap", "/dang-ky", "/tra-cuu", "/thong-ke", "/tro-giup", "/thanh-toan"] {
        let shown = v.get(path).await;
        if shown.status == 303 {
            continue;
        }
        let styles = shown.attrs("link[rel=stylesheet]", "href");
        let blocking = shown.attrs("script[src]:not([defer]):not([type=module])", "src");
        assert!(1 + styles.len() + blocking.len() <= 3, "{path}: {styles:?} {blocking:?}");
        let mut bytes = v.compressed(path).await;
        for s in &styles {
            bytes += v.compressed(s).await;
        }
        assert!(bytes <= 14 * 1024, "{path}: {bytes} bytes");
    }
}
