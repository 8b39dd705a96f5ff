package dev.vitrine.lens.data.parquet;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.OneFile;
import dev.vitrine.lens.data.OutputFile;
import dev.vitrine.lens.data.RegularFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A flat table as a Parquet file: one row group, required columns, plain encoding, gzip. Apache Parquet format 2.
 * Everything that reads Parquet reads it; {@link #read} takes such files only.
 *
 * @param facts about the whole table, kept as the file's key-value metadata in this order
 */
public record ParquetTable(List<Column> columns, Map<String, String> facts) {
    private static final int MOST_BYTES = 1 << 30;

    public ParquetTable {
        columns = List.copyOf(columns);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        long sizes = columns.stream().mapToInt(Column::size).distinct().count();
        if (sizes != 1) {
            throw new IllegalArgumentException(
                    columns.size() + " columns of " + sizes + " lengths; expected one length");
        }
    }

    public int rows() {
        return columns.get(0).size();
    }

    /** A column by name and kind, where there is one. */
    public <C extends Column> Optional<C> column(Class<C> kind, String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
    }

    /** The same table gives the same bytes. */
    public void write(Path file) {
        byte[] bytes = new ParquetWriter().write(this);
        OutputFile.write(file, bytes);
    }

    /** Reads what {@link #write} wrote. */
    public static ParquetTable read(Path file) {
        byte[] bytes = RegularFile.bytes(file, "a Parquet file", MOST_BYTES);
        return OneFile.guarded(file.toString(), () -> {
            try {
                return new ParquetReader(bytes).read();
            } catch (IOException | RuntimeException e) {
                throw VitrineException.failure(
                        file + ": no table that Vitrine wrote (" + e.getMessage() + "); expected a Parquet file with"
                                + " plain columns. Make it again, or name another.",
                        e);
            }
        });
    }
}
