//! Generates the client and the messages with the default options of tonic-prost-build.

fn main() {
    let proto = std::env::var("PROTO").expect("PROTO is the folder of the contract");
    println!("cargo::rerun-if-env-changed=PROTO");
    tonic_prost_build::configure()
        .compile_protos(&[format!("{proto}/dydxgateway/v1/gateway_service.proto")], &[proto])
        .expect("the contract compiles");
}
