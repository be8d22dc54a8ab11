-- The views of the fields that staff added were in the schemas of before.

do $$
begin
  if to_regprocedure('ops.make_custom_views()') is not null then
    perform ops.make_custom_views();
  end if;
end
$$;
