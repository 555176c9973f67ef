//! Lambda runtime API for tests (see tests/runtime.rs).
