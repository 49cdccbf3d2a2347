//! Writes the OpenAPI document out as one page.

use serde_json::{Map, Value};

/// Text that is safe between tags and within quoted attributes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A whole page around this body.
pub(super) fn page(title: &str, body: &str) -> String {
    let title = escape(title);
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} · Trestle for programs</title><link rel=\"stylesheet\" href=\"/api/docs.css\"></head><body>\
         <header><p><a href=\"/\">Trestle</a> · <a href=\"/api/docs\">Interface</a> · <a href=\"/problems\">Problems</a></p></header>\
         <main><h1>{title}</h1>{body}</main></body></html>"
    )
}

/// The page that describes the interface.
pub(super) fn interface(document: &Value) -> String {
    let mut body = String::new();
    paragraphs(&mut body, words(&document["info"]["description"]));
    put(
        &mut body,
        "<p>The same for machines: <a href=\"/api/v1/openapi.json\">openapi.json</a>.</p><nav aria-label=\"Contents\"><ul>",
    );
    let tags: Vec<&str> = list(&document["tags"]).map(|tag| words(&tag["name"])).collect();
    for tag in tags.iter().copied().chain(["schemas"]) {
        put(&mut body, &format!("<li><a href=\"#{tag}\">{tag}</a></li>"));
    }
    put(&mut body, "</ul></nav>");
    for tag in list(&document["tags"]) {
        let name = words(&tag["name"]);
        put(&mut body, &format!("<section id=\"{name}\"><h2>{name}</h2>"));
        paragraphs(&mut body, words(&tag["description"]));
        for (path, method, operation) in
            operations(document).filter(|(_, _, operation)| list(&operation["tags"]).any(|tag| tag == name))
        {
            describe(&mut body, path, method, operation);
        }
        put(&mut body, "</section>");
    }
    put(&mut body, "<section id=\"schemas\"><h2>schemas</h2>");
    for (name, schema) in entries(&document["components"]["schemas"]) {
        put(&mut body, &format!("<article id=\"schema-{name}\"><h3>{}</h3>", escape(name)));
        paragraphs(&mut body, words(&schema["description"]));
        fields(&mut body, schema);
        put(&mut body, "</article>");
    }
    put(&mut body, "</section>");
    page("Interface", &body)
}

fn describe(out: &mut String, path: &str, method: &str, operation: &Value) {
    let (shown, called) = (method.to_uppercase(), escape(path));
    put(out, &format!("<article><h3><code class=\"{method}\">{shown}</code> <code>{called}</code></h3>"));
    paragraphs(out, words(&operation["summary"]));
    paragraphs(out, words(&operation["description"]));
    admission(out, operation);
    let mut parameters = list(&operation["parameters"]).peekable();
    if parameters.peek().is_some() {
        put(out, "<h4>Parameters</h4><dl>");
        for parameter in parameters {
            let must = if parameter["required"] == true { ", needed" } else { "" };
            let (name, place) = (escape(words(&parameter["name"])), words(&parameter["in"]));
            put(
                out,
                &format!(
                    "<dt><code>{name}</code> <small>{place}, {}{must}</small></dt><dd>",
                    kind(&parameter["schema"])
                ),
            );
            put(out, &format!("{}</dd>", marked_up(words(&parameter["description"]))));
        }
        put(out, "</dl>");
    }
    for (media, content) in entries(&operation["requestBody"]["content"]) {
        put(out, &format!("<h4>Body</h4><p>{} as <code>{media}</code></p>", kind(&content["schema"])));
    }
    put(out, "<h4>Answers</h4><dl>");
    for (status, answer) in entries(&operation["responses"]) {
        let bodies: Vec<String> = entries(&answer["content"]).map(|(_, content)| kind(&content["schema"])).collect();
        put(out, &format!("<dt><code>{status}</code> <small>{}</small></dt>", bodies.join(", ")));
        put(out, &format!("<dd>{}</dd>", marked_up(words(&answer["description"]))));
    }
    put(out, "</dl></article>");
}

/// Who may call it: the ways of showing it, each of them enough.
fn admission(out: &mut String, operation: &Value) {
    let schemes: Vec<_> = list(&operation["security"]).flat_map(entries).map(|(scheme, _)| scheme.as_str()).collect();
    if schemes.is_empty() {
        return;
    }
    let is_optional = list(&operation["security"]).any(|way| entries(way).next().is_none());
    let ways = schemes.into_iter().map(|scheme| match scheme {
        "bearer" => "<code>Authorization: Bearer</code>",
        "cookie" => "the session cookie",
        _ => "<code>X-Manage-Token</code>",
    });
    let (verb, ways) = (if is_optional { "Takes" } else { "Needs" }, ways.collect::<Vec<_>>().join(" or "));
    put(out, &format!("<p>{verb} {ways}.</p>"));
}

/// The fields of an object, its parts, or the words of a vocabulary.
fn fields(out: &mut String, schema: &Value) {
    for part in list(&schema["allOf"]) {
        match part["$ref"].as_str() {
            Some(_) => put(out, &format!("<p>Everything of {}, and:</p>", kind(part))),
            None => fields(out, part),
        }
    }
    if schema["properties"].is_object() {
        let needed: Vec<&str> = list(&schema["required"]).map(words).collect();
        put(out, "<dl>");
        for (name, field) in entries(&schema["properties"]) {
            let must = if needed.contains(&name.as_str()) { ", always" } else { "" };
            put(out, &format!("<dt><code>{}</code> <small>{}{must}</small></dt>", escape(name), kind(field)));
            put(out, &format!("<dd>{}</dd>", marked_up(words(&field["description"]))));
        }
        put(out, "</dl>");
    } else if !schema["allOf"].is_array() {
        put(out, &format!("<p>{}</p>", kind(schema)));
    }
}

/// What a schema is, in a few words with links.
fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        return format!("<a href=\"#schema-{name}\">{}</a>", escape(name));
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if schema[choice].is_array() {
            return list(&schema[choice]).map(kind).collect::<Vec<_>>().join(" or ");
        }
    }
    if schema["enum"].is_array() {
        return list(&schema["enum"])
            .map(|word| format!("<code>{}</code>", escape(words(word))))
            .collect::<Vec<_>>()
            .join(", ");
    }
    if schema["items"].is_object() {
        return format!("list of {}", kind(&schema["items"]));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().map(words).collect(),
        one => vec![words(one)],
    };
    let types = types.join(" or ");
    match schema["format"].as_str() {
        Some(format) => format!("{types} ({})", escape(format)),
        None => types,
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    entries(&document["paths"])
        .flat_map(|(path, methods)| entries(methods).map(move |(method, operation)| (path, method, operation)))
}

fn paragraphs(out: &mut String, text: &str) {
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        put(out, &format!("<p>{}</p>", marked_up(paragraph)));
    }
}

/// Words in which what stands between backquotes is code, as `CommonMark` has it; everything else is as it stands.
fn marked_up(text: &str) -> String {
    let parts = escape(text);
    let mut html = String::new();
    for (at, part) in parts.split('`').enumerate() {
        if at % 2 == 1 {
            put(&mut html, &format!("<code>{part}</code>"));
        } else {
            put(&mut html, part);
        }
    }
    html
}

fn put(out: &mut String, html: &str) {
    out.push_str(html);
}

fn words(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}
