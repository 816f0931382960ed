SELECT 'country' || k::text, k.code FROM country k
UNION SELECT 'customer' || c::text, c.country_code FROM customer c
UNION SELECT 'orders' || o::text, c.country_code FROM customer c JOIN orders o ON o.customer_id = c.id
UNION SELECT 'line' || l::text, c.country_code FROM customer c JOIN orders o ON o.customer_id = c.id
  JOIN line l ON l.order_id = o.id
