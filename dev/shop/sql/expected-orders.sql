-- What the index must hold, computed in another way than the program's; see expected-users.sql.
SELECT o.id::text, json_build_object(
  'id', o.id,
  'status', o.status,
  'placedAt', regexp_replace(to_char(o.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '\.?0*Z$', 'Z'),
  'total', o.total,
  'delivery', json_build_object('carrier', coalesce(o.carrier, 'to be fetched'), 'fee', o.fee),
  'customer', (
    SELECT json_build_object('id', u.id, 'email', lower(btrim(u.email, E' \t\r\n')), 'name', u.name)
    FROM users u WHERE u.id = o.user_id AND u.deleted_at IS NULL),
  'items', coalesce((
    SELECT json_agg(json_build_object(
      'id', i.id,
      'quantity', i.quantity,
      'unitPrice', i.unit_price,
      'product', (
        SELECT json_build_object(
          'id', p.id,
          'sku', p.sku,
          'name', p.name,
          'category', (SELECT json_build_object('name', c.name) FROM categories c WHERE c.id = p.category_id))
        FROM products p WHERE p.id = i.product_id)
    ) ORDER BY i.id)
    FROM order_items i WHERE i.order_id = o.id), '[]'),
  'itemCount', (SELECT count(*) FROM order_items i WHERE i.order_id = o.id),
  'pieces', (SELECT sum(i.quantity) FROM order_items i WHERE i.order_id = o.id)
)::text
FROM orders o
