//! A reader of our own pages: elements close in order, attributes are quoted, what is referred to is there.

use std::collections::BTreeSet;

const VOID: [&str; 5] = ["input", "img", "link", "meta", "source"];

/// One start tag.
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    /// The form that it stands in, by number; 0: none.
    pub(super) form: usize,
}

impl Element {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// Every element in order, or what is wrong.
pub(super) fn elements(html: &str) -> Result<Vec<Element>, String> {
    let mut rest = html.strip_prefix("<!doctype html>").ok_or("no doctype")?;
    let (mut found, mut open, mut forms, mut form) = (Vec::new(), Vec::new(), 0, 0);
    while let Some(start) = rest.find('<') {
        if rest[..start].contains('>') {
            return Err(format!("a stray > in {:?}", &rest[..start]));
        }
        rest = &rest[start + 1..];
        if let Some(after) = rest.strip_prefix('/') {
            let (name, after) = after.split_once('>').ok_or("an end that does not end")?;
            if open.pop().as_deref() != Some(name) {
                return Err(format!("</{name}> closes something else"));
            }
            if name == "form" {
                form = 0;
            }
            rest = after;
            continue;
        }
        let (name, attributes, closes_itself, after) = tag(rest)?;
        rest = after;
        if name == "form" {
            if form != 0 {
                return Err("a form in a form".to_owned());
            }
            forms += 1;
            form = forms;
        }
        if !closes_itself && !VOID.contains(&name.as_str()) {
            open.push(name.clone());
        }
        found.push(Element { name, attributes, form });
    }
    if !open.is_empty() {
        return Err(format!("{open:?} stay open"));
    }
    Ok(found)
}

type Tag<'t> = (String, Vec<(String, String)>, bool, &'t str);

fn tag(text: &str) -> Result<Tag<'_>, String> {
    let end = text.find([' ', '>', '/']).ok_or("a tag that does not end")?;
    let (name, mut rest) = text.split_at(end);
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(format!("an element {name:?}"));
    }
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Ok((name.to_owned(), attributes, true, after));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return Ok((name.to_owned(), attributes, false, after));
        }
        let end = rest.find(['=', ' ', '>']).ok_or("an attribute that does not end")?;
        let attribute = rest[..end].to_owned();
        if attribute.is_empty() || !attribute.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(format!("an attribute {attribute:?} of {name}"));
        }
        if attributes.iter().any(|(known, _)| *known == attribute) {
            return Err(format!("{attribute} twice in {name}"));
        }
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix("=\"") {
            let (quoted, after) = after.split_once('"').ok_or("a value that does not end")?;
            if quoted.contains(['<', '>']) {
                return Err(format!("markup in {attribute}: {quoted}"));
            }
            value = quoted.to_owned();
            rest = after;
        }
        attributes.push((attribute, value));
    }
}

/// What every page keeps to, whatever is on it.
pub(super) fn judge(html: &str, language: &str) -> Result<(), String> {
    let elements = elements(html)?;
    let named = |name: &'static str| elements.iter().filter(move |element| element.name == name);
    let ids: Vec<&str> = elements.iter().filter_map(|element| element.get("id")).collect();
    if ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
        return Err(format!("an id twice: {ids:?}"));
    }
    if named("html").next().and_then(|html| html.get("lang")) != Some(language) {
        return Err("the language is not said".to_owned());
    }
    if named("h1").count() != 1 || named("main").count() != 1 || named("title").count() != 1 {
        return Err("one heading, one main, one title".to_owned());
    }
    if named("input").filter(|input| input.get("autofocus").is_some()).count() > 1 {
        return Err("two boxes want the focus".to_owned());
    }
    for element in &elements {
        for (attribute, value) in &element.attributes {
            let refers = ["for", "aria-describedby", "form"].contains(&attribute.as_str());
            if refers && !value.split(' ').all(|id| ids.contains(&id)) {
                return Err(format!("{attribute}={value:?} refers to nothing"));
            }
            if attribute == "style" || attribute.starts_with("on") {
                return Err(format!("{attribute}: a policy of content forbids it"));
            }
            if attribute == "tabindex" && value != "-1" {
                return Err("a tabindex".to_owned());
            }
        }
        let is_script = element.name == "script";
        if element.name == "style" || is_script && element.get("src").is_none() {
            return Err("style or script in the page".to_owned());
        }
        let is_seen =
            !["hidden", "submit"].contains(&element.get("type").unwrap_or("")) && element.get("aria-hidden").is_none();
        let asks = element.name == "textarea" || element.name == "input" && is_seen;
        let label = element
            .get("id")
            .and_then(|id| named("label").find(|label| label.get("for") == Some(id)));
        if asks && (label.is_none() || element.get("autocomplete").is_none()) {
            return Err(format!("{:?}: no label or no autocomplete", element.get("name")));
        }
        if element.name == "img" && element.get("alt").is_none() {
            return Err("a picture without words".to_owned());
        }
    }
    Ok(())
}
