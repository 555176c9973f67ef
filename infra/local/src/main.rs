//! `cargo local`: opens the house, says where it is, and closes it when asked to.

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use jari_local::{LocalHouse, Options, document_text};
use tokio::signal::unix::{SignalKind, signal};

/// Each look at a day is some thousand small objects; glibc's allocator hands them from thread to thread under a lock, which
/// takes a third of the time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// However busy it is.
const CLOSES_WITHIN: Duration = Duration::from_secs(2);

#[derive(Parser)]
struct Arguments {
    #[command(flatten)]
    options: Options,
    /// Print the OpenAPI document instead of opening anything
    #[arg(long, hide = true)]
    print_openapi: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = if arguments.print_openapi {
        document_text().map(|text| print!("{text}")).map_err(|error| error.to_string())
    } else {
        run(arguments.options).await
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("Jari can't open: {reason}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), String> {
    jari_telemetry::init();
    // Before opening, so that a signal in the middle of it is not lost.
    let mut interrupted = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    let mut terminated = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let house = tokio::select! {
        house = LocalHouse::open(options) => house.map_err(|error| error.to_string())?,
        _ = interrupted.recv() => return Ok(()),
        _ = terminated.recv() => return Ok(()),
    };
    welcome(&house);
    println!("Jari is open at {}", house.url());
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    let closed = tokio::time::timeout(CLOSES_WITHIN, house.shut_down()).await;
    eprintln!("Jari is closed.");
    if closed.is_err() {
        // What was answered is on disk: a part that does not end is left behind rather than waited for.
        std::process::exit(0);
    }
    Ok(())
}

fn welcome(house: &LocalHouse) {
    let url = house.url();
    let data = match house.data() {
        Some(folder) => format!("{} (survives kill -9, not a power cut)", folder.display()),
        None => "nowhere: everything is gone when the house closes".to_owned(),
    };
    let demo = match house.demo_restaurants() {
        0 => String::new(),
        loaded => format!("\n  Demo       {loaded} restaurants were loaded"),
    };
    eprintln!(
        "\n  자리 Jari on this machine\n\n  \
           Pages      {url}/\n  \
           API        {url}/v1/restaurants, explained at {url}/docs\n  \
           Mailbox    {url}/_local/ (also the clock, and a reset)\n  \
           DynamoDB   {}\n  \
           Data       {data}{demo}\n  \
           Close it   with Ctrl-C\n",
        house.dynamodb_endpoint(),
    );
}
