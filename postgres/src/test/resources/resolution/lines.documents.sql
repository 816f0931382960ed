SELECT order_id || ':' || no FROM line
