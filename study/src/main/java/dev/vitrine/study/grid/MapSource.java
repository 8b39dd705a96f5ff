package dev.vitrine.study.grid;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.data.NpyRows;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.embedding.Codes;
import dev.vitrine.lens.embedding.Layout;
import dev.vitrine.lens.embedding.MapQuality;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.store.Question;
import dev.vitrine.lens.unit.ChannelLayer;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.embedding.CodeExtraction;
import dev.vitrine.study.embedding.CodeTable;
import dev.vitrine.study.embedding.Embedded;
import dev.vitrine.study.embedding.Embedding;
import dev.vitrine.study.embedding.KeptCodes;
import dev.vitrine.study.embedding.PictureTable;
import dev.vitrine.study.embedding.Pooling;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;

/** Where the map of a grid comes from. */
public sealed interface MapSource {
    /**
     * A map of pictures.
     *
     * @param map {@code f32[pictures, dimensions]}
     * @param pictures its rows
     */
    record PictureMap(Tensor map, List<CodeTable.Row> pictures, Optional<MapQuality> quality) {}

    /** The map of the pictures; partial if its layout was stopped. */
    Outcome<PictureMap> of(StudyContext context);

    /** Adds what the map depends on. */
    Question onto(Question question);

    /**
     * A finished map.
     *
     * @param map {@code f32[pictures, dimensions]}
     */
    record Given(Tensor map, List<CodeTable.Row> pictures) implements MapSource {
        public Given {
            pictures = List.copyOf(pictures);
        }

        /**
         * Reads a map, and {@code pictures.csv} of the codes that it is of.
         *
         * @param all the pictures, and possibly more
         */
        public static Given read(Path map, Path table, PictureList all) {
            List<CodeTable.Row> pictures = PictureTable.read(table, all);
            try (NpyRows rows = NpyRows.open(map)) {
                if (rows.rows() != pictures.size()) {
                    throw VitrineException.usage(map + ": found " + rows.rows() + " rows, and " + pictures.size()
                            + " pictures in " + table + "; expected a row for each picture.");
                }
                double[] values = Codes.of(rows, map.toString()).read(0, rows.rows());
                float[] points = new float[values.length];
                for (int index = 0; index < values.length; index++) {
                    points[index] = (float) values[index];
                }
                return new Given(Tensor.floats(points, rows.rows(), rows.columns()), pictures);
            }
        }

        @Override
        public Outcome<PictureMap> of(StudyContext context) {
            return Outcome.of(new PictureMap(map, pictures, Optional.empty()));
        }

        @Override
        public Question onto(Question question) {
            return question.with("map", Arrays.hashCode(map.toFloats()));
        }
    }

    /**
     * The codes of a layer, laid out.
     *
     * @param reduced number of principal components to which wider codes are reduced first
     * @param codes where they are kept
     */
    record LaidOut(
            Model model,
            PictureList pictures,
            ChannelLayer layer,
            Layout layout,
            Embedding.Scale scale,
            OptionalInt reduced,
            long seed,
            KeptCodes codes)
            implements MapSource {
        @Override
        public Outcome<PictureMap> of(StudyContext context) {
            CodeExtraction extraction =
                    new CodeExtraction(model, pictures, List.of(layer), Pooling.MEAN, codes.folder());
            Outcome<CodeTable> found = codes.of(extraction, context.piece("codes", "pictures", 0.5));
            if (found.isPartial()) {
                throw new CancellationException(
                        "stopped after " + found.missing().orElseThrow());
            }
            CodeTable table = found.result();
            Runner runner = context.session(model).runner();
            try (NpyRows rows = NpyRows.open(codes.file(table.files().get(0)))) {
                Embedding embedding = new Embedding(
                        runner,
                        Codes.of(rows, layer.name()),
                        labels(table.pictures()),
                        layout,
                        2,
                        scale,
                        reduced.isPresent() && reduced.getAsInt() < Math.min(rows.columns(), rows.rows())
                                ? reduced
                                : OptionalInt.empty(),
                        seed);
                Outcome<Embedded> laid = embedding.run(context.piece("map", layout.id(), 0.5));
                return new Outcome<>(
                        new PictureMap(
                                laid.result().map(),
                                table.pictures(),
                                laid.result().quality().filter(quality -> !Double.isNaN(quality.trustworthiness()))),
                        found.unreadable(),
                        laid.missing());
            }
        }

        private static Optional<Layout.Labels> labels(List<CodeTable.Row> pictures) {
            List<String> classes = pictures.stream()
                    .map(CodeTable.Row::className)
                    .distinct()
                    .sorted()
                    .toList();
            return classes.size() < 2
                    ? Optional.empty()
                    : Optional.of(new Layout.Labels(
                            pictures.stream()
                                    .mapToInt(row -> classes.indexOf(row.className()))
                                    .toArray(),
                            classes.size()));
        }

        @Override
        public Question onto(Question question) {
            return question.with(model)
                    .with(pictures)
                    .with("layer", layer.name())
                    .with("method", layout)
                    .with("scale", scale)
                    .with("reduced", reduced)
                    .with("seed", seed);
        }
    }
}
