-- Orders are found by a part of their number; their customers have such an index already.
create index orders_search_idx on app.orders
  using gin (lower(external_id) gin_trgm_ops) with (gin_pending_list_limit = 128);
