/**
 * What a report's select may call and cast to. Anything absent is refused, so a function that a later PostgreSQL adds
 * stays out until it is listed. Left out on purpose: everything that reads files, settings or the catalogue, sleeps,
 * locks, writes, is random or reads the clock, and `repeat`, `format`, `array_fill`, which build huge values from a short text.
 */

export const FUNCTIONS: ReadonlySet<string> = new Set(
  `
  count sum avg min max bool_and bool_or every bit_and bit_or array_agg string_agg json_agg jsonb_agg json_object_agg
  jsonb_object_agg percentile_cont percentile_disc mode stddev stddev_pop stddev_samp variance var_pop var_samp corr
  covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy

  row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value

  abs ceil ceiling floor round trunc sign sqrt cbrt power pow exp ln log log10 mod div gcd lcm degrees radians pi
  width_bucket sin cos tan cot asin acos atan atan2 scale trim_scale

  date_trunc date_part date_bin extract age make_date make_time make_timestamp make_timestamptz make_interval
  justify_days justify_hours justify_interval isfinite timezone to_char to_date to_number to_timestamp overlaps

  lower upper initcap length char_length character_length octet_length left right substr substring trim btrim ltrim rtrim
  lpad rpad replace translate split_part concat concat_ws reverse strpos position overlay starts_with ascii chr md5
  regexp_replace regexp_match regexp_matches regexp_count regexp_like regexp_substr regexp_instr regexp_split_to_array
  regexp_split_to_table similar_to_escape string_to_array string_to_table array_to_string normalize is_normalized

  cardinality array_length array_lower array_upper array_ndims array_position array_positions array_append array_prepend
  array_cat array_remove array_replace unnest generate_series generate_subscripts

  json_build_object json_build_array jsonb_build_object jsonb_build_array to_json to_jsonb row_to_json json_typeof
  jsonb_typeof json_array_length jsonb_array_length json_array_elements json_array_elements_text jsonb_array_elements
  jsonb_array_elements_text json_each json_each_text jsonb_each jsonb_each_text json_object_keys jsonb_object_keys
  json_extract_path json_extract_path_text jsonb_extract_path jsonb_extract_path_text jsonb_set jsonb_strip_nulls

  daterange tsrange tstzrange int4range int8range numrange lower_inc upper_inc lower_inf upper_inf isempty
  range_merge range_intersect_agg range_agg multirange num_nulls num_nonnulls
  `
    .trim()
    .split(/\s+/),
);

/** Refused with the advice to take a date parameter: a report run again for a day must give that day's numbers. */
export const CLOCK: ReadonlySet<string> = new Set([
  'now',
  'clock_timestamp',
  'statement_timestamp',
  'transaction_timestamp',
  'timeofday',
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
]);

/** Types a report may cast to, as the parser names them. No reg* types, oid, xml or names: they reach into the catalogue. */
export const TYPES: ReadonlySet<string> = new Set(
  `
  bool int2 int4 int8 smallint integer bigint numeric decimal float4 float8 real text varchar bpchar char boolean date time
  timetz timestamp timestamptz interval json jsonb uuid daterange tsrange tstzrange int4range int8range numrange datemultirange
  `
    .trim()
    .split(/\s+/),
);

/** Pieces of a select that are allowed, by the parser's names; a node that is not here is refused. */
export const NODES: ReadonlySet<string> = new Set(
  `
  SelectStmt WithClause CommonTableExpr RangeVar RangeSubselect RangeFunction JoinExpr Alias ResTarget ColumnRef A_Star
  A_Const A_Expr A_ArrayExpr A_Indirection A_Indices BoolExpr NullTest BooleanTest SubLink CaseExpr CaseWhen CoalesceExpr
  MinMaxExpr FuncCall NamedArgExpr WindowDef GroupingSet GroupingFunc SortBy TypeCast TypeName CollateClause RowExpr
  ParamRef List String Integer
  `
    .trim()
    .split(/\s+/),
);
