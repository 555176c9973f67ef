//! The public restaurants, by name, filtered.

use jari_domain::Profile;
use jari_store::{ListPosition, Listed, Listing, Store, StoreError};

/// Which restaurants to list; none of a field: any.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of the name, in either language, without regard to case.
    pub name: Option<String>,
    /// A cuisine's key.
    pub cuisine: Option<String>,
    /// An area's key.
    pub area: Option<String>,
    /// Within so many metres of a place: latitude, longitude, radius.
    pub near: Option<(f64, f64, f64)>,
}

/// A page of restaurants.
#[derive(Debug, Clone)]
pub struct ListPage {
    /// At most as many as asked for; may be fewer though more follow.
    pub restaurants: Vec<Listed>,
    /// Where the next page begins; none: that was the last.
    pub next: Option<ListPosition>,
}

/// A page of the public restaurants that match `filter`, after `after`. One call looks at a bounded number of
/// restaurants, whatever the filter: a rare match is found over several pages.
///
/// # Errors
/// [`StoreError`] when the list can't be read.
pub async fn list_restaurants(
    store: &Store,
    filter: &Filter,
    after: Option<ListPosition>,
    limit: usize,
) -> Result<ListPage, StoreError> {
    const PAGE: i32 = 100;
    const MOST_PAGES: usize = 5;
    let mut restaurants = Vec::new();
    let mut position = after;
    for _ in 0..MOST_PAGES {
        let (page, more) = store.listed_restaurants(Listing::Public, position.as_ref(), PAGE).await?;
        for listed in page {
            let here = listed.position.clone();
            if filter.matches(&listed.profile) {
                if restaurants.len() == limit {
                    return Ok(ListPage { restaurants, next: position });
                }
                restaurants.push(listed);
            }
            position = Some(here);
        }
        if !more {
            return Ok(ListPage { restaurants, next: None });
        }
    }
    Ok(ListPage { restaurants, next: position })
}

impl Filter {
    fn matches(&self, profile: &Profile) -> bool {
        let name = self.name.as_ref().is_none_or(|wanted| {
            let wanted = wanted.to_lowercase();
            [&profile.name.ko, &profile.name.en].iter().any(|name| name.to_lowercase().contains(&wanted))
        });
        let near = self.near.is_none_or(|(lat, lng, metres)| {
            distance_metres((lat, lng), (profile.location.lat, profile.location.lng)) <= metres
        });
        name && near
            && self.cuisine.as_ref().is_none_or(|wanted| profile.cuisines.contains(wanted))
            && self.area.as_ref().is_none_or(|wanted| profile.area == *wanted)
    }
}

/// Along the great circle (haversine), on a sphere of the Earth's mean radius.
fn distance_metres(from: (f64, f64), to: (f64, f64)) -> f64 {
    const EARTH_METRES: f64 = 6_371_009.0;
    let (lat_from, lat_to) = (from.0.to_radians(), to.0.to_radians());
    let (d_lat, d_lng) = ((to.0 - from.0).to_radians(), (to.1 - from.1).to_radians());
    let half = (d_lat / 2.0).sin().powi(2) + lat_from.cos() * lat_to.cos() * (d_lng / 2.0).sin().powi(2);
    2.0 * EARTH_METRES * half.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_that_of_the_map() {
        // Seoul City Hall to Busan City Hall: about 320 km.
        let metres = distance_metres((37.5665, 126.978), (35.1796, 129.0756));
        assert!((metres - 325_000.0).abs() < 5_000.0, "{metres}");
    }
}
