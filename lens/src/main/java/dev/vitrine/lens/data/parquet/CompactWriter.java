package dev.vitrine.lens.data.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** Structs in Thrift's compact protocol, fields in rising order. */
final class CompactWriter {
    static final int I32 = 5;
    static final int I64 = 6;
    static final int BINARY = 8;
    static final int LIST = 9;
    static final int STRUCT = 12;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Deque<Integer> outer = new ArrayDeque<>();
    private int last;

    CompactWriter number(int field, int value) {
        header(field, I32);
        varint(zigzag(value));
        return this;
    }

    CompactWriter number(int field, long value) {
        header(field, I64);
        varint(zigzag(value));
        return this;
    }

    CompactWriter text(int field, String value) {
        header(field, BINARY);
        return item(value);
    }

    /** Elements follow by {@link #item} or {@link #begin()}. */
    CompactWriter list(int field, int kind, int size) {
        header(field, LIST);
        if (size < 15) {
            bytes.write(size << 4 | kind);
        } else {
            bytes.write(0xf0 | kind);
            varint(size);
        }
        return this;
    }

    CompactWriter item(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        bytes.writeBytes(utf8);
        return this;
    }

    CompactWriter item(int value) {
        varint(zigzag(value));
        return this;
    }

    CompactWriter struct(int field) {
        header(field, STRUCT);
        return begin();
    }

    /** A struct as an element of a list. */
    CompactWriter begin() {
        outer.push(last);
        last = 0;
        return this;
    }

    CompactWriter end() {
        bytes.write(0);
        last = outer.pop();
        return this;
    }

    /** The struct on the outside, ended. */
    byte[] finish() {
        bytes.write(0);
        return bytes.toByteArray();
    }

    private void header(int field, int kind) {
        int step = field - last;
        if (step < 1 || step > 15) {
            throw new IllegalArgumentException("field " + field + " after field " + last);
        }
        bytes.write(step << 4 | kind);
        last = field;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }
}
