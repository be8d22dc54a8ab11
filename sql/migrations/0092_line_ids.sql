-- A line is found by its order, which its id holds: its own index was one more entry for each line that comes in.

drop index app.order_lines_record_id_idx;
