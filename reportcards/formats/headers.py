"""What a heading says of its column: the aliases under which publishers write the parts of an observation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from reportcards.formats._cells import normalised
from reportcards.formats.mapping import Role

__all__ = ["KNOWN", "area_level", "is_breakdown", "judgement", "normalised", "role_of"]

_ALIASES: Mapping[Role, str] = {
    Role.INDICATOR: """indicator indicator_id indicator_code indicatorid metric metric_code metric_id kpi variable
        statistic outcome_indicator performance_measure indicator_number""",
    Role.INDICATOR_NAME: "indicator_name indicator_title metric_name kpi_name indicator_label",
    Role.AREA_CODE: """area_code areacode area_id geocode geo_code geography_code geographycode gss_code gsscode gss
        lad_code la_code new_la_code ons_code ward_code utla_code ltla_code region_code country_code
        org_code station_code site_code provider_code ccg_code icb_code lsoa_code msoa_code
        local_authority_code constituency_code ref_area district_code county_code locality_code
        organisation_code school_code urn place_code reg_code code""",
    Role.AREA_NAME: """area_name area areaname geography geography_name lad lad_name la la_name ward ward_name utla
        utla_name ltla_name local_authority local_authority_name district district_name region region_name
        country country_name county county_name place place_name org_name organisation_name station_name
        site_name provider_name neighbourhood constituency lsoa lsoa_name msoa msoa_name council authority
        locality entity location local_authority_area provider icb icb_name ccg ccg_name reg_name""",
    Role.AREA_TYPE: "area_type areatype geography_type geographic_level geography_level area_level geo_level level",
    Role.PERIOD: """period year time_period timeperiod time date financial_year academic_year school_year calendar_year
        fiscal_year reporting_period period_name time_period_name yr data_period reporting_year week_ending
        month_ending quarter_ending year_ending snapshot_date period_label month_year obs_time ref_period
        day reference_period survey_year census_year period_ending quarter_end month_end week_commencing""",
    Role.PERIOD_PART: "month quarter week term month_name month_no quarter_no week_no week_number qtr",
    Role.PERIOD_START: "date_from start_date period_start from_date start period_from time_period_start",
    Role.PERIOD_END: "date_to end_date period_end to_date end period_to time_period_end",
    Role.PERIOD_TYPE: "period_type time_identifier period_kind",
    Role.BREAKDOWN: "breakdown category_type group_type breakdown_type dimension characteristic_type inequality_type",
    Role.GROUP: "group category breakdown_group group_name subgroup characteristic breakdown_value",
    Role.SEX: "sex gender",
    Role.AGE: "age age_group age_band ageband agegroup age_range ages",
    Role.VALUE: """value obs_value observation figure result rate percentage percent proportion indicator_value
        data_value values prevalence estimate""",
    Role.COUNT: "count counts numerator num number n observed",
    Role.DENOMINATOR: "denominator denom base",
    Role.UNIT: "unit units unit_measure unit_of_measure unit_of_measurement",
    Role.MULTIPLIER: "unit_multiplier unit_mult multiplier",
    Role.MEASURE: "measure measure_type value_type measure_name statistic_type",
    Role.OBS_STATUS: """obs_status observation_status status flag flags value_status marker data_marking data_marker
        obs_flag value_flag""",
    Role.CONF_STATUS: "conf_status confidentiality confidentiality_status obs_conf",
    Role.NOTE: "note notes comment comments value_note footnote footnotes comment_obs value_notes",
}
_ROLES = {alias: role for role, aliases in _ALIASES.items() for alias in aliases.split()}

_LIMIT = re.compile(
    r"(?:^|_)(?:ci|confidence|limit|cl|lci|uci|interval)(?:_|$)|^(?:lower|upper)(?:_?(?:ci|cl|bound))?(?:_?\d+)*$"
)
_BREAKDOWN = re.compile(
    r"ethnic|depriv|quintile|decile|disab|tenure|inequal|religio|sexual|orientation|free_school|fsm\b|sen_|occupation"
    r"|industr|qualif|household|urban|rural|country_of_birth|nationality|language|marital|income_group|social_class"
    r"|ns_sec|carer|income_band|property_type|dwelling|fuel_type|vehicle_type|offence|crime_type|subject|phase"
    r"|school_type|characterist"
)
_JUDGEMENT = re.compile(
    r"^compar|_compared|significan|^recent_trend|^trend|^rag(_|$)|_rag$|^polarity|^rank|_rank$|^direction_of_travel"
    r"|^new_data$|^time_period_sortable|^sort|^performance$|^better_worse"
)
_CODED_AREA = re.compile(
    r"^(?:lad|lau|wd|ward|ctry|rgn|utla|ltla|lsoa|msoa|oa|cty|cauth|icb|ccg|pcon|pfa|nhser|sicbl|stp|par|la|hlth|lep)"
    r"\d\d(?P<what>cd|nm)$"
)
_COARSE_TO_FINE = (
    "country|ctry|nation",
    "region|rgn|reg_|nhser",
    "county|utla|cty|icb|cauth|pfa",
    "district|local_auth|lad|la_|la$|ltla|council|authority",
    "constituency|pcon|ccg|locality|place",
    "ward|wd",
    "msoa",
    "lsoa",
    "org|provider|site|school|station|urn",
)


def role_of(heading: str) -> Role | None:
    """What a heading names for certain; None when it is not known."""
    name = normalised(heading)
    if name in _ROLES:
        return _ROLES[name]
    if coded := _CODED_AREA.match(name):
        return Role.AREA_CODE if coded["what"] == "cd" else Role.AREA_NAME
    return _limit(name)


def _limit(name: str) -> Role | None:
    """A column of lower or upper limits, of 95 % unless the heading says 99.8 %."""
    if not _LIMIT.search(name):
        return None
    is_lower = "low" in name or "lci" in name or name == "lcl"
    is_upper = "upp" in name or "uci" in name or name == "ucl"
    if is_lower == is_upper or re.search(r"90|99_?9|(?<!\d)99(?!_?8)", name):
        return None
    is_wide = re.search(r"99_?8", name) is not None
    if is_lower:
        return Role.LOWER998 if is_wide else Role.LOWER95
    return Role.UPPER998 if is_wide else Role.UPPER95


def is_breakdown(heading: str) -> bool:
    """Whether the groups of people, or kinds of thing, in a column are a breakdown by its heading alone."""
    return _BREAKDOWN.search(normalised(heading)) is not None


def judgement(heading: str) -> bool:
    """Whether a column holds what the publisher made of the values (a comparison, a trend, a rank)."""
    return _JUDGEMENT.search(normalised(heading)) is not None


def area_level(heading: str) -> int:
    """How fine the areas of a column are, the finest highest; a column for any kind of area comes after all."""
    name = normalised(heading)
    for level, words in enumerate(_COARSE_TO_FINE):
        if re.match(words, name):
            return level
    return len(_COARSE_TO_FINE)


def guess(headings: Sequence[str]) -> dict[str, Role]:
    """What each heading names for certain; the first of two that name the same."""
    found: dict[str, Role] = {}
    for heading in headings:
        role = role_of(heading)
        if role is not None:
            found[heading] = role
    return found


_EXTRA = (
    *("sortable", "sexid", "ageid", "areacode", "year", "yearrange", "indicatorid"),
    *("dataflow", "structure", "structure_id", "freq"),
)
KNOWN: Mapping[str, Role | None] = MappingProxyType({**dict.fromkeys(_EXTRA), **_ROLES})
"""Headings by which a table is told from the words above it."""
