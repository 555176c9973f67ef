//! jari-wiring
