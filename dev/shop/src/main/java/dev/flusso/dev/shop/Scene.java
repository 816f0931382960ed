package dev.flusso.dev.shop;

import java.util.List;

/**
 * Something that happens in the shop.
 *
 * @param title what happens, in the shop's words
 * @param sql the statements of one transaction
 */
record Scene(String title, List<String> sql) {

    /** What is shown, in this order. The ids are those of {@code shop.sql}, which are the same every time. */
    static final List<Scene> ALL = List.of(
            new Scene("A customer orders two things", """
                    INSERT INTO orders (user_id, status, placed_at, total)
                    VALUES (42, 'new', now(), (SELECT 2 * a.price + b.price FROM products a, products b WHERE a.id = 7 AND b.id = 11));
                    INSERT INTO order_items (order_id, product_id, quantity, unit_price)
                    SELECT currval('orders_id_seq'), id, CASE id WHEN 7 THEN 2 ELSE 1 END, price FROM products WHERE id IN (7, 11)"""),
            new Scene("She takes five of the first instead of two", """
                    UPDATE order_items SET quantity = 5 WHERE order_id = currval('orders_id_seq') AND product_id = 7;
                    UPDATE orders SET total = (SELECT sum(quantity * unit_price) FROM order_items WHERE order_id = orders.id)
                    WHERE id = currval('orders_id_seq')"""),
            new Scene(
                    "The order belongs to somebody else: both customers change",
                    "UPDATE orders SET user_id = 43 WHERE id = currval('orders_id_seq')"),
            new Scene(
                    "A product gets a new name, in every order and every customer that shows it",
                    "UPDATE products SET name = 'Copper Lantern, second edition' WHERE id = 7"),
            new Scene(
                    "A category gets a new name: two joins away from an order",
                    "UPDATE categories SET name = 'Garden & Balcony' WHERE id = 2"),
            new Scene(
                    "The category above it gets a new name: a table joined to itself",
                    "UPDATE categories SET name = 'Home & Hearth' WHERE id = 13"),
            new Scene("A tag is put on a product and one taken off, by rows of the junction alone", """
                    INSERT INTO product_tags VALUES (7, 1);
                    DELETE FROM product_tags WHERE product_id = 7 AND tag_id = 8"""),
            new Scene(
                    "A product gets a title in another language, a colour, a longer warranty: map, json, has_one", """
                    UPDATE products SET titles = titles || '{"pt": "Lanterna"}', attributes = attributes || '{"colour": "verdigris"}' WHERE id = 7;
                    UPDATE warranties SET months = 60 WHERE product_id = 7"""),
            new Scene(
                    "A customer moves: another point on the map",
                    "UPDATE users SET city = 'Porto', lat = 41.1579, lon = -8.6291, last_seen = '2001:db8::7' WHERE id = 42"),
            new Scene(
                    "A customer writes her address in her own way: the document has it trimmed and in lower case",
                    "UPDATE users SET email = E'  Ada.Of.The.Hills@Example.COM \\t' WHERE id = 43"),
            new Scene(
                    "A customer leaves: soft-deleted, so there is no document, and her orders have no customer",
                    "UPDATE users SET deleted_at = now() WHERE id = 43"),
            new Scene("She comes back", "UPDATE users SET deleted_at = NULL WHERE id = 43"),
            new Scene(
                    "A product is discontinued: the index' filter leaves it out, orders still show it",
                    "UPDATE products SET discontinued = true WHERE id = 11"),
            new Scene(
                    "An order is deleted, and by ON DELETE CASCADE its items",
                    "DELETE FROM orders WHERE id = currval('orders_id_seq')"),
            new Scene("A customer is deleted, with all orders and items", "DELETE FROM users WHERE id = 44"));

    Scene {
        sql = List.copyOf(sql);
    }

    Scene(String title, String sql) {
        this(title, ShopDatabase.statements(sql));
    }

    /** One of many small changes made while something is broken; each number another one, of a handful of kinds. */
    static String smallChange(int number) {
        var order = 1 + number * 97L % 5_900;
        var user = 100 + number * 31L % 1_700;
        var product = 1 + number * 13L % 120;
        return switch (number % 6) {
            case 0 ->
                "WITH o AS (INSERT INTO orders (user_id, total) VALUES (" + user + ", 9.90) RETURNING id)"
                        + " INSERT INTO order_items (order_id, product_id, quantity, unit_price) SELECT id, " + product
                        + ", 1, 9.90 FROM o";
            case 1 -> "UPDATE orders SET status = 'shipped' WHERE id = " + order;
            case 2 -> "UPDATE order_items SET quantity = quantity + 1 WHERE order_id = " + order;
            case 3 -> "UPDATE orders SET user_id = " + user + " WHERE id = " + order;
            case 4 -> "UPDATE products SET price = price + 0.10 WHERE id = " + product;
            default -> "DELETE FROM orders WHERE id = " + order;
        };
    }
}
