SELECT 'customer' || c::text, c.id::text FROM customer c
UNION SELECT 'customer' || r::text, c.id::text FROM customer c JOIN customer r ON r.id = c.referrer_id
UNION SELECT 'country' || k::text, c.id::text FROM customer c JOIN country k ON k.code = c.country_code
UNION SELECT 'country' || k::text, c.id::text FROM customer c JOIN customer r ON r.id = c.referrer_id
  JOIN country k ON k.code = r.country_code
UNION SELECT 'profile' || p::text, p.customer_id::text FROM profile p
UNION SELECT 'orders' || o::text, o.customer_id::text FROM orders o
UNION SELECT 'line' || l::text, o.customer_id::text FROM line l JOIN orders o ON o.id = l.order_id
UNION SELECT 'product' || p::text, o.customer_id::text FROM product p JOIN line l ON l.product_id = p.id
  JOIN orders o ON o.id = l.order_id
UNION SELECT 'membership' || m::text, m.customer_id::text FROM membership m
UNION SELECT 'club' || b::text, m.customer_id::text FROM club b JOIN membership m ON m.club_id = b.id
