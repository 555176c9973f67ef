//! jari-telemetry
