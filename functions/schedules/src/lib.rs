//! jari-schedules
