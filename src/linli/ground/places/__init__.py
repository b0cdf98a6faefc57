"""Places: where everything is, from the city down to the home.

Words: city > district > community 小区 > building 楼栋 > unit 单元 > home 房屋. Names of city, district and community
are told in Chinese and English; buildings, units and homes carry the *label* on their door. A *card* is what a page or
another module needs to know of a place. *Neighbours* are communities within a distance of one another, by air.

Invariants: a place is known once (its name is unique under its parent); a city has one time zone and one currency; a
business day is a day in the community's zone; nothing here says who lives where (that is people's).

Doors: rules.{distance_m, business_day}; queries.{city, cities, communities, community, communities_near, neighbours,
home, homes, find_homes}, all open; actions.{add_city, add_district, add_community, add_building, add_unit, add_home,
add_homes, preview_import, import_places}; events.CommunityAdded. SQL: places_distance_m, places_near, places_day,
places_midnight, places_city_of.
"""
