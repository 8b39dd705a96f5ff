package dev.vitrine.study.map;

import dev.vitrine.lens.property.Properties;
import dev.vitrine.study.embedding.CodeTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The properties of the pictures of a map, of which those that vary are kept. */
final class MapColumns {
    /** Rows of the pictures, for their names and places in the list. */
    private final List<CodeTable.Row> pictures;

    private final List<Column> columns = new ArrayList<>();

    MapColumns(List<CodeTable.Row> pictures) {
        this.pictures = pictures;
        words("class", "class, by folder", pictures, CodeTable.Row::className);
    }

    /**
     * What a network says of the pictures.
     *
     * @param suffix of the names of the columns
     */
    void addPredictions(List<CodeTable.Row> rows, String suffix) {
        words("predicted" + suffix, "predicted class", rows, CodeTable.Row::predicted);
        words("right" + suffix, "whether the prediction is right", rows, MapColumns::right);
        numbers("confidence" + suffix, "probability of the predicted class", rows, CodeTable.Row::confidence);
        numbers("loss" + suffix, "cross-entropy of the folder's class", rows, CodeTable.Row::loss);
    }

    /**
     * @param values one per picture
     */
    void addNumbers(String id, String meaning, double[] values) {
        columns.add(Column.numbers(id, meaning, values));
    }

    void addMeasured(PropertySurvey.Rows measured) {
        Map<Integer, double[]> values = new HashMap<>();
        measured.of().forEach(row -> values.put(row.index(), row.values()));
        IntStream.range(0, Properties.ALL.size())
                .forEach(property -> numbers(
                        Properties.ALL.get(property).id(),
                        Properties.ALL.get(property).meaning(),
                        pictures,
                        row -> Optional.ofNullable(values.get(row.index())).map(of -> of[property])));
    }

    /**
     * @param given with a value for each picture of the list
     */
    void addGiven(List<Column> given) {
        for (Column column : given) {
            columns.add(new Column(
                    column.id(),
                    column.meaning(),
                    column.words(),
                    pictures.stream()
                            .mapToDouble(row -> column.values()[row.index()])
                            .toArray()));
        }
    }

    List<Column> varying() {
        return columns.stream().filter(Column::varies).toList();
    }

    private void words(String id, String meaning, List<CodeTable.Row> rows, Function<CodeTable.Row, String> word) {
        columns.add(Column.words(id, meaning, rows.stream().map(word).toList()));
    }

    private void numbers(
            String id, String meaning, List<CodeTable.Row> rows, Function<CodeTable.Row, Optional<Double>> number) {
        addNumbers(
                id,
                meaning,
                rows.stream()
                        .mapToDouble(row -> number.apply(row).orElse(Double.NaN))
                        .toArray());
    }

    /** The loss of the likeliest class is -log of the confidence. */
    private static String right(CodeTable.Row row) {
        if (row.loss().isEmpty() || row.predicted().isEmpty()) {
            return "";
        }
        boolean right = Math.abs(row.loss().get() + Math.log(row.confidence().orElse(1.0))) < 1e-9;
        return right ? "right" : "wrong";
    }
}
