package dev.flusso.dev.shop;

/**
 * Which document.
 *
 * @param index the index' plain name
 * @param id its {@code _id}
 */
record DocumentName(String index, String id) {

    @Override
    public String toString() {
        return index + "/" + id;
    }
}
