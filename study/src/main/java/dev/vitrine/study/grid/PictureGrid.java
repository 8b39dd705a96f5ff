package dev.vitrine.study.grid;

import dev.vitrine.lens.assignment.CellGrid;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Outcome;
import dev.vitrine.study.Study;
import dev.vitrine.study.StudyContext;
import dev.vitrine.study.Watcher;
import dev.vitrine.study.embedding.CodeTable;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Which cell of a grid each picture of a map gets.
 *
 * @param columns of the grid; empty for the shape of the map
 */
public record PictureGrid(MapSource source, CellGrid.Fitting fitting, OptionalInt columns)
        implements Study<PlacedPictures> {
    private static final int FORMAT = 1;

    @Override
    public String id() {
        return "grid";
    }

    @Override
    public Outcome<PlacedPictures> run(StudyContext context) {
        if (context.parts().areKept()) {
            context.parts()
                    .begin(source.onto(Question.of(id(), FORMAT))
                            .with("fitting", fitting)
                            .with("columns", columns));
        }
        Outcome<MapSource.PictureMap> outcome = source.of(context);
        MapSource.PictureMap map = outcome.result();
        float[] values = map.map().toFloats();
        double[] points =
                IntStream.range(0, values.length).mapToDouble(at -> values[at]).toArray();
        CellGrid grid = assigned(points, (int) map.map().dimension(1), outcome, context.watcher());
        List<PlacedPictures.Placed> placed = IntStream.range(0, map.pictures().size())
                .mapToObj(row -> placed(map.pictures().get(row), grid.cells()[row]))
                .toList();
        return outcome.map(
                any -> new PlacedPictures(grid.columns(), grid.rows(), grid.displacement(), map.quality(), placed));
    }

    private CellGrid assigned(double[] points, int dimensions, Outcome<?> map, Watcher watcher) {
        watcher.begin("assignment", 1);
        try {
            return CellGrid.of(points, dimensions, fitting, columns, (done, total) -> {
                // A map that was stopped is still drawn.
                if (!map.isPartial()) {
                    watcher.report(done, total);
                    watcher.check();
                }
            });
        } finally {
            watcher.end();
        }
    }

    private static PlacedPictures.Placed placed(CodeTable.Row row, int cell) {
        return new PlacedPictures.Placed(row.index(), row.picture(), row.className(), row.predicted(), cell);
    }
}
