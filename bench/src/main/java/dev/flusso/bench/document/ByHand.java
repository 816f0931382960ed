package dev.flusso.bench.document;

/** The fastest statement found by hand for the documents of {@code bench/data/users.schema.yml}: sets, and JSON by concatenation. */
final class ByHand {

    static final String SQL = """
            WITH k AS MATERIALIZED (SELECT unnest(?::bigint[]) id),
              o AS MATERIALIZED (SELECT o.* FROM k CROSS JOIN LATERAL (SELECT * FROM orders o WHERE o.user_id = k.id
                ORDER BY o.placed_at DESC, o.id DESC LIMIT 5) o),
              i AS (SELECT i.order_id, string_agg('{"id":' || i.id || ',"product_id":' || i.product_id || ',"qty":' || i.qty
                || ',"price":' || i.price || ',"sku":' || to_json(i.sku) || '}', ',' ORDER BY i.id) j
                FROM order_items i WHERE i.order_id = ANY(ARRAY(SELECT id FROM o)) GROUP BY 1),
              oo AS (SELECT o.user_id, string_agg('{"id":' || o.id || ',"status":' || to_json(o.status) || ',"total":' || o.total
                || ',"placed_at":' || to_json(o.placed_at) || ',"note":' || coalesce(to_json(o.note)::text, 'null')
                || ',"items":[' || coalesce(i.j, '') || ']}', ',' ORDER BY o.placed_at DESC, o.id DESC) j
                FROM o LEFT JOIN i ON i.order_id = o.id GROUP BY 1),
              ag AS (SELECT user_id, count(*) c, sum(total) s FROM orders WHERE user_id = ANY(ARRAY(SELECT id FROM k)) GROUP BY 1),
              tt AS (SELECT ut.user_id, string_agg('{"name":' || to_json(t.name) || '}', ',' ORDER BY t.id) j
                FROM user_tags ut JOIN tags t ON t.id = ut.tag_id WHERE ut.user_id = ANY(ARRAY(SELECT id FROM k)) GROUP BY 1)
            SELECT u.id, '{"id":' || u.id || ',"name":' || to_json(u.name) || ',"email":' || to_json(u.email) || ',"score":'
              || coalesce(u.score::text, 'null') || ',"active":' || u.active || ',"created_at":' || to_json(u.created_at)
              || ',"bio":' || coalesce(to_json(u.bio)::text, 'null') || ',"orders":[' || coalesce(oo.j, '') || '],"order_count":'
              || coalesce(ag.c, 0) || ',"order_sum":' || coalesce(ag.s::text, 'null') || ',"tags":[' || coalesce(tt.j, '') || ']}' doc
            FROM users u LEFT JOIN oo ON oo.user_id = u.id LEFT JOIN ag ON ag.user_id = u.id LEFT JOIN tt ON tt.user_id = u.id
            WHERE u.id = ANY(ARRAY(SELECT id FROM k))""";

    private ByHand() {}
}
