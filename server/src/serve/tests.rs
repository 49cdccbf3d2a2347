use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::*;

const SOON: Duration = Duration::from_secs(5);

struct House {
    addr: std::net::SocketAddr,
    /// Lets the slow handler go on.
    go_on: Arc<Notify>,
    /// Says that the slow handler has begun.
    begun: Arc<Notify>,
    closing: CancellationToken,
    served: JoinHandle<()>,
}

async fn open(max_connections: usize, drain: Duration) -> House {
    let patience = Duration::from_millis(100);
    let (header, body, write, request, notice) = (patience, patience, patience, SOON, Duration::ZERO);
    let connections_per_client = 8;
    let http = Http {
        max_connections,
        connections_per_client,
        body_limit: 1000,
        header_limit: 8192,
        header,
        body,
        request,
        write,
        notice,
        drain,
    };
    let (go_on, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (go_on, begun) = (go_on.clone(), begun.clone());
        async move || {
            begun.notify_one();
            go_on.notified().await;
            "done"
        }
    };
    let routes = Router::new()
        .route("/", get(async || "hello"))
        .route("/slow", get(slow))
        .route("/flood", get(async || vec![b'x'; 64 << 20]));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let closing = CancellationToken::new();
    let served =
        tokio::spawn(serve(listener, routes, http, Clients::new(connections_per_client, Vec::new()), closing.clone()));
    House { addr, go_on, begun, closing, served }
}

async fn call(house: &House, words: &str) -> TcpStream {
    let mut stream = TcpStream::connect(house.addr).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    stream
}

/// Everything the server says until it hangs up.
async fn rest(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    // A connection that is cut off may end with an error; what came before counts.
    let _ = tokio::time::timeout(SOON, stream.read_to_end(&mut said)).await.expect("the server hangs up");
    String::from_utf8_lossy(&said).into_owned()
}

const HELLO: &str = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const SLOW: &str = "GET /slow HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn slow_and_silent_clients_are_left() {
    let house = open(10, SOON).await;
    for words in ["", "P", "PRI * HTTP/2.0\r\n", "GET / HTTP/1.1\r\nhost:", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let said = rest(call(&house, words).await).await;
        assert!(!said.contains("hello"), "{words:?}: {said}");
    }
    // Between requests, too.
    assert!(rest(call(&house, HELLO).await).await.ends_with("hello"));
}

#[tokio::test]
async fn a_head_too_large_is_refused() {
    let house = open(10, SOON).await;
    let said =
        rest(call(&house, &format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "y".repeat(20_000))).await).await;
    assert!(said.starts_with("HTTP/1.1 431"), "{said}");
}

#[tokio::test]
async fn an_answer_left_unread_is_given_up() {
    let house = open(1, SOON).await;
    let _unread = call(&house, "GET /flood HTTP/1.1\r\nhost: x\r\n\r\n").await;
    // There is one place only: this is answered once the other client is given up.
    let next = rest(call(&house, HELLO).await).await;
    assert!(next.ends_with("hello"), "{next}");
}

#[tokio::test]
async fn running_requests_finish_and_no_new_ones_are_taken() {
    let house = open(10, SOON).await;
    let running = call(&house, SLOW).await;
    house.begun.notified().await;
    house.closing.cancel();
    house.go_on.notify_one();
    let said = rest(running).await;
    assert!(said.ends_with("done") && said.contains("connection: close"), "{said}");
    tokio::time::timeout(SOON, house.served).await.unwrap().unwrap();
    assert!(TcpStream::connect(house.addr).await.is_err());
}

#[tokio::test]
async fn what_does_not_finish_is_cut_off() {
    let house = open(10, Duration::from_millis(50)).await;
    let running = call(&house, SLOW).await;
    house.begun.notified().await;
    house.closing.cancel();
    tokio::time::timeout(SOON, house.served).await.unwrap().unwrap();
    assert_eq!(rest(running).await, "");
}

#[tokio::test]
async fn one_client_does_not_take_every_place() {
    let house = open(20, SOON).await;
    let mut inside = Vec::new();
    for _ in 0..8 {
        inside.push(call(&house, SLOW).await);
        house.begun.notified().await;
    }
    let said = rest(call(&house, "").await).await;
    assert!(said.starts_with("HTTP/1.1 503 ") && said.contains("retry-after: 5"), "{said}");
    house.go_on.notify_one();
    drop(inside);
    // Places are given back as connections end, which the server notices in its own time.
    let again = async {
        loop {
            let said = rest(call(&house, HELLO).await).await;
            if said.ends_with("hello") {
                return;
            }
        }
    };
    tokio::time::timeout(SOON, again).await.expect("who left makes room");
}
