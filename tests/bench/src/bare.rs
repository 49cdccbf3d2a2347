//! The least that can be done for a request: an axum handler that answers the same bytes.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

pub async fn serve(addr: SocketAddr, body: Vec<u8>) -> anyhow::Result<()> {
    let body = Bytes::from(body);
    let app = Router::new().route("/", get(async move || ([(CONTENT_TYPE, "application/json")], body)));
    let listener = tokio::net::TcpListener::bind(addr).await?;
    Ok(axum::serve(listener, app).await?)
}
