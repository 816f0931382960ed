-- What the index must hold, computed in another way than the program's: plain correlated sub-queries, one for each thing said in
-- users.schema.yml.
SELECT u.id::text, json_build_object(
  'id', u.id,
  'email', lower(btrim(u.email, E' \t\r\n')),
  'name', u.name,
  'city', u.city,
  'home', CASE WHEN u.lat IS NOT NULL AND u.lon IS NOT NULL THEN json_build_object('lat', u.lat, 'lon', u.lon) END,
  'lastSeen', host(u.last_seen),
  'memberSince', regexp_replace(to_char(u.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '\.?0*Z$', 'Z'),
  'orders', coalesce((
    SELECT json_agg(json_build_object(
      'id', o.id,
      'status', o.status,
      'placedAt', regexp_replace(to_char(o.placed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '\.?0*Z$', 'Z'),
      'total', o.total,
      'items', coalesce((
        SELECT json_agg(json_build_object(
          'id', i.id,
          'quantity', i.quantity,
          'product', (SELECT json_build_object('sku', p.sku, 'name', p.name) FROM products p WHERE p.id = i.product_id)
        ) ORDER BY i.id)
        FROM order_items i WHERE i.order_id = o.id), '[]')
    ) ORDER BY o.placed_at DESC, o.id)
    FROM (SELECT * FROM orders WHERE user_id = u.id ORDER BY placed_at DESC, id LIMIT 5) o), '[]'),
  'orderCount', (SELECT count(*) FROM orders o WHERE o.user_id = u.id),
  'spent', (SELECT sum(o.total) FROM orders o WHERE o.user_id = u.id AND o.status <> 'cancelled')
)::text
FROM users u WHERE u.deleted_at IS NULL
