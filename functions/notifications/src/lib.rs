//! jari-notifications
