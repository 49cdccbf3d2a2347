use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use redis::Script;
use redis::aio::MultiplexedConnection;

use super::*;

const PENALTY: Penalty = Penalty { first: 10_000, longest: 60_000 };

#[expect(clippy::disallowed_methods, reason = "the tests are told by their environment where Redis is")]
async fn redis() -> MultiplexedConnection {
    let url = std::env::var("REDIS_URL").expect("REDIS_URL says where Redis is; scripts/test sets it");
    redis::Client::open(url).unwrap().get_multiplexed_async_connection().await.unwrap()
}

/// The script, on a clock that its last argument sets.
fn script() -> Script {
    let text = include_str!("window.lua");
    assert_eq!(text.matches("redis.call('TIME')").count(), 1);
    Script::new(&text.replace("redis.call('TIME')", "{0, ARGV[#ARGV] * 1000}"))
}

/// Which rule refused, the limit, what is left and how long to wait, as the script says it.
async fn ask(line: &mut MultiplexedConnection, weights: &[Weight<'_>], now: u64) -> (usize, u64, u64, u64) {
    let script = script();
    let mut call = script.prepare_invoke();
    call.arg(format!("{} {} {}", window::SLICES, PENALTY.first, PENALTY.longest));
    for weight in weights {
        call.key(&weight.key).arg(weight.numbers).arg(weight.cost);
    }
    call.arg(now).invoke_async(line).await.unwrap()
}

/// The same in the words of a verdict.
fn read((refused, limit, remaining, wait): (usize, u64, u64, u64), weights: &[Weight<'_>]) -> Verdict {
    match refused {
        0 => Verdict::admitted(limit, remaining, wait),
        refused => Verdict::refused(weights[refused - 1].rule, limit, wait),
    }
}

#[test]
fn redis_and_this_process_count_alike() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let line = runtime.block_on(redis());
    let allowances =
        ["3 per second", "4 per second, 9 per minute", "2 per minute, burst 3", "5 per 10 seconds, burst 1"];
    let asks = prop::collection::vec((0_u64..20_000, 0_usize..4, 0_usize..4, 1_u64..4), 1..60);
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&asks, |asks| {
            let local = Local::new(PENALTY, 10_000_000);
            let rules = allowances.map(|words| words.parse::<Allowance>().unwrap());
            let numbers = rules.each_ref().map(Allowance::numbers);
            let case = crate::mint::id().as_u128();
            // Far from Redis' own clock, so that nothing expires before its time.
            let mut now = 1_000_000_000;
            for (later, one, other, cost) in asks {
                now += later * later / 20_000;
                let weight = |which: usize| Weight {
                    rule: Rule::ALL[which],
                    key: (case ^ (which as u128) << 100).to_be_bytes(),
                    allowance: &rules[which],
                    numbers: &numbers[which],
                    cost,
                };
                let mut weights = vec![weight(one)];
                if other != one {
                    weights.push(weight(other));
                }
                let shared = read(runtime.block_on(ask(&mut line.clone(), &weights, now)), &weights);
                prop_assert_eq!(Some(shared), local.weigh(&weights, now));
            }
            Ok(())
        })
        .unwrap();
}

#[tokio::test]
async fn exactly_the_limit_goes_through_redis_however_many_ask_at_once() {
    let line = redis().await;
    let allowance: Allowance = "100 per minute".parse().unwrap();
    let (key, numbers) = (crate::mint::id().into_bytes(), allowance.numbers());
    let asks = (0..1000).map(|_| {
        let (mut line, allowance, numbers) = (line.clone(), &allowance, numbers.as_str());
        async move { ask(&mut line, &[Weight { rule: Rule::Api, key, allowance, numbers, cost: 1 }], 1_000_000).await }
    });
    let answers = futures::future::join_all(asks).await;
    assert_eq!(answers.iter().filter(|(refused, ..)| *refused == 0).count(), 100);
    let mut left: Vec<u64> = answers.iter().filter(|answer| answer.0 == 0).map(|answer| answer.2).collect();
    left.sort_unstable();
    assert_eq!(left, (0..100).collect::<Vec<u64>>());
}
