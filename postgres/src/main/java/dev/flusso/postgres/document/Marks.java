package dev.flusso.postgres.document;

import dev.flusso.schema.Place;
import java.util.ArrayList;
import java.util.List;

/**
 * Comments in a statement that say which place of the schema file the text after them comes from, so that Postgres' "error at
 * character 812" becomes a file, a line and a column. {@code /*@3 users.schema.yml:12:5*}{@code /}
 */
final class Marks {

    private static final String BEGIN = "/*@";

    private final List<Place> places = new ArrayList<>();

    String mark(Place place) {
        int number = places.indexOf(place);
        if (number < 0) {
            number = places.size();
            places.add(place);
        }
        var shown = place.toString().replaceAll("[^\\p{L}\\p{N} ._:@+=,-]", "_");
        return BEGIN + number + " " + shown + "*/ ";
    }

    /**
     * The place of the text at a character.
     *
     * @param sql the statement as written, with {@code ?} for parameters
     * @param position from 1, in the statement as the server got it, with {@code $1}
     * @param otherwise the place of text before the first mark
     */
    Place at(String sql, int position, Place otherwise) {
        int end = Math.min(sql.length(), Math.max(0, position));
        int mark = sql.lastIndexOf(BEGIN, end);
        if (mark < 0) {
            return otherwise;
        }
        int blank = sql.indexOf(' ', mark);
        return places.get(Integer.parseInt(sql.substring(mark + BEGIN.length(), blank)));
    }
}
