//! jari-domain
