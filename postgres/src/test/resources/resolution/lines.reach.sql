SELECT 'line' || l::text, l.order_id || ':' || l.no FROM line l
UNION SELECT 'product' || p::text, l.order_id || ':' || l.no FROM line l JOIN product p ON p.id = l.product_id
UNION SELECT 'product_tag' || t::text, l.order_id || ':' || l.no FROM line l JOIN product_tag t ON t.product_id = l.product_id
UNION SELECT 'tag' || g::text, l.order_id || ':' || l.no FROM line l JOIN product_tag t ON t.product_id = l.product_id
  JOIN tag g ON g.id = t.tag_id
UNION SELECT 'orders' || o::text, l.order_id || ':' || l.no FROM line l JOIN orders o ON o.id = l.order_id
UNION SELECT 'customer' || c::text, l.order_id || ':' || l.no FROM line l JOIN orders o ON o.id = l.order_id
  JOIN customer c ON c.id = o.customer_id
UNION SELECT 'country' || k::text, l.order_id || ':' || l.no FROM line l JOIN orders o ON o.id = l.order_id
  JOIN customer c ON c.id = o.customer_id JOIN country k ON k.code = c.country_code
UNION SELECT 'membership' || m::text, l.order_id || ':' || l.no FROM line l JOIN orders o ON o.id = l.order_id
  JOIN membership m ON m.customer_id = o.customer_id
UNION SELECT 'club' || b::text, l.order_id || ':' || l.no FROM line l JOIN orders o ON o.id = l.order_id
  JOIN membership m ON m.customer_id = o.customer_id JOIN club b ON b.id = m.club_id
