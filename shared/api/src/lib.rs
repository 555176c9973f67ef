//! jari-api
