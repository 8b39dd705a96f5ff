package dev.vitrine.lens.data.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** A table as bytes: magic, a page a column, footer. */
final class ParquetWriter {
    private static final String CREATED_BY = "Vitrine";

    private record Chunk(int offset, int plainSize, int packedSize) {}

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();

    byte[] write(ParquetTable table) {
        file.writeBytes(Layout.MAGIC);
        List<Chunk> chunks = new ArrayList<>();
        for (Column column : table.columns()) {
            chunks.add(page(column));
        }
        byte[] footer = footer(table, chunks);
        file.writeBytes(footer);
        file.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        file.writeBytes(Layout.MAGIC);
        return file.toByteArray();
    }

    private Chunk page(Column column) {
        int offset = file.size();
        byte[] plain = plain(column);
        byte[] packed = packed(plain);
        byte[] header = new CompactWriter()
                .number(1, Layout.DATA_PAGE)
                .number(2, plain.length)
                .number(3, packed.length)
                .struct(5)
                .number(1, column.size())
                .number(2, Layout.PLAIN)
                .number(3, Layout.RUN_LENGTH)
                .number(4, Layout.RUN_LENGTH)
                .end()
                .finish();
        file.writeBytes(header);
        file.writeBytes(packed);
        return new Chunk(offset, header.length + plain.length, header.length + packed.length);
    }

    private static byte[] plain(Column column) {
        if (column instanceof Column.Integers integers) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * column.size()).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asIntBuffer().put(integers.values());
            return bytes.array();
        }
        if (column instanceof Column.Floats floats) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * column.size()).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(floats.values());
            return bytes.array();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (String text : ((Column.Texts) column).values()) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            bytes.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(utf8.length)
                    .array());
            bytes.writeBytes(utf8);
        }
        return bytes.toByteArray();
    }

    private static byte[] packed(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private static byte[] footer(ParquetTable table, List<Chunk> chunks) {
        List<Column> columns = table.columns();
        CompactWriter footer = new CompactWriter().number(1, 1).list(2, CompactWriter.STRUCT, columns.size() + 1);
        footer.begin().text(4, "table").number(5, columns.size()).end();
        for (Column column : columns) {
            footer.begin().number(1, type(column)).number(3, Layout.REQUIRED).text(4, column.name());
            if (column instanceof Column.Texts) {
                footer.number(6, Layout.UTF8);
            }
            footer.end();
        }
        footer.number(3, (long) table.rows()).list(4, CompactWriter.STRUCT, 1).begin();
        footer.list(1, CompactWriter.STRUCT, columns.size());
        long total = 0;
        for (int index = 0; index < columns.size(); index++) {
            Chunk chunk = chunks.get(index);
            total += chunk.plainSize();
            footer.begin().number(2, (long) chunk.offset()).struct(3);
            footer.number(1, type(columns.get(index)))
                    .list(2, CompactWriter.I32, 1)
                    .item(Layout.PLAIN)
                    .list(3, CompactWriter.BINARY, 1)
                    .item(columns.get(index).name());
            footer.number(4, Layout.GZIP)
                    .number(5, (long) table.rows())
                    .number(6, (long) chunk.plainSize())
                    .number(7, (long) chunk.packedSize())
                    .number(9, (long) chunk.offset());
            footer.end().end();
        }
        footer.number(2, total).number(3, (long) table.rows()).end();
        footer.list(5, CompactWriter.STRUCT, table.facts().size());
        table.facts()
                .forEach((key, value) ->
                        footer.begin().text(1, key).text(2, value).end());
        return footer.text(6, CREATED_BY).finish();
    }

    private static int type(Column column) {
        if (column instanceof Column.Integers) {
            return Layout.INT32;
        }
        return column instanceof Column.Floats ? Layout.FLOAT : Layout.BYTE_ARRAY;
    }
}
