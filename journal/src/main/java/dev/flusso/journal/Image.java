package dev.flusso.journal;

import java.util.List;
import java.util.Optional;

/**
 * The key and reference columns of one row, before or after a change.
 *
 * @param cells one for each carried column, no column twice
 */
public record Image(List<Cell> cells) {

    /** The stream carried no such image. */
    public static final Image NONE = new Image(List.of());

    public Image {
        cells = List.copyOf(cells);
    }

    public static Image of(Cell... cells) {
        return new Image(List.of(cells));
    }

    public boolean isEmpty() {
        return cells.isEmpty();
    }

    /** The cell of a column; empty when the stream did not carry it. */
    public Optional<Cell> cell(String column) {
        for (var cell : cells) {
            if (cell.column().equals(column)) {
                return Optional.of(cell);
            }
        }
        return Optional.empty();
    }
}
