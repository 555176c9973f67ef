//! jari-restaurants
