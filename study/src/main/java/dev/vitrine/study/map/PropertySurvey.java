package dev.vitrine.study.map;

import dev.vitrine.lens.data.PictureList;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.property.Properties;
import dev.vitrine.lens.property.Property;
import dev.vitrine.lens.property.Shades;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.store.Question;
import dev.vitrine.study.Batch;
import dev.vitrine.study.Survey;
import java.util.ArrayList;
import java.util.List;

/** Measures {@link Properties#ALL} of every picture. */
public record PropertySurvey(Model model, PictureList pictures)
        implements Survey<PropertySurvey.Rows, PropertySurvey.Rows> {
    private static final int FORMAT = 1;

    /** Values of one picture, NaN where it has none. */
    public record Row(int index, double[] values) {}

    /** Of some pictures, in their order. */
    public record Rows(List<Row> of) {}

    @Override
    public String id() {
        return "map-properties";
    }

    @Override
    public Question question() {
        return Question.of(id(), FORMAT)
                .with(pictures)
                .with("properties", Properties.ALL.stream().map(Property::id).toList());
    }

    @Override
    public Class<Rows> part() {
        return Rows.class;
    }

    @Override
    public Batch.Need need() {
        return Batch.Need.PICTURE;
    }

    @Override
    public int batch(ModelSession session) {
        return 16;
    }

    @Override
    public Look<Rows> open(ModelSession session, int batch) {
        return seen -> new Rows(seen.items().stream()
                .map(item -> {
                    Shades shades = Shades.of(item.picture().orElseThrow());
                    return new Row(
                            item.index(),
                            Properties.ALL.stream()
                                    .mapToDouble(property -> property.of(shades))
                                    .toArray());
                })
                .toList());
    }

    @Override
    public Rows merge(Rows left, Rows right) {
        List<Row> both = new ArrayList<>(left.of());
        both.addAll(right.of());
        return new Rows(both);
    }

    @Override
    public Rows finish(Rows all, Seen seen) {
        return all;
    }
}
