package dev.flusso.schema;

/** A value that may be given here or left to the environment of the process that needs it. */
public sealed interface Setting {

    /** Given in the file. */
    record Given(String value) implements Setting {
        /** Never prints the value: it may be a secret. */
        @Override
        public String toString() {
            return "(given)";
        }
    }

    /** {@code { env = "X" }}: the variable's value where the pipeline runs; unset is an error there. */
    record FromEnv(String variable) implements Setting {
        public FromEnv {
            if (variable.isEmpty()) {
                throw new IllegalArgumentException("a reference to the environment needs the name of a variable");
            }
        }
    }

    /** Not given: the reserved variable or the default decides. */
    record Unset() implements Setting {}
}
