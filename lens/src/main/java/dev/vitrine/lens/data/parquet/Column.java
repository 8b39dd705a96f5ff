package dev.vitrine.lens.data.parquet;

import java.util.List;

/** A named column without gaps. */
public sealed interface Column {
    String name();

    int size();

    /** 32-bit integers. */
    record Integers(String name, int[] values) implements Column {
        @Override
        public int size() {
            return values.length;
        }
    }

    /** 32-bit floating-point numbers. */
    record Floats(String name, float[] values) implements Column {
        @Override
        public int size() {
            return values.length;
        }
    }

    /** UTF-8 texts. */
    record Texts(String name, List<String> values) implements Column {
        public Texts {
            values = List.copyOf(values);
        }

        @Override
        public int size() {
            return values.size();
        }
    }
}
