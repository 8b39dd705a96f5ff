package dev.vitrine.lens.model.head;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** Reduces the scores at many positions to one score per class, as nodes. */
final class Pooling {
    private static final Attributes DROPPED = Attributes.NONE.with("keepdims", 0);

    private final GraphBuilder builder;
    private final Value scores;
    private final TensorType type;
    private final TensorType pooled;
    private final int classAxis;
    private final int placeAxis;
    private final String one;
    private final String many;
    private final String model;
    private String words = "";
    private Optional<Weights> weights = Optional.empty();

    /** The weight of each position, and their sum {@code f32[1]} or {@code f32[N,classes]}. */
    private record Weights(Optional<Value> each, Value total) {}

    /**
     * @param scores {@code f32[N,classes,places]} or {@code f32[N,places,classes]}
     * @param classAxis 1 or 2
     * @param one noun for one position
     * @param many noun for several positions
     */
    Pooling(
            GraphBuilder builder,
            Value scores,
            TensorType type,
            TensorType pooled,
            int classAxis,
            String one,
            String many,
            String model) {
        this.builder = builder;
        this.scores = scores;
        this.type = type;
        this.pooled = pooled;
        this.classAxis = classAxis;
        this.placeAxis = 3 - classAxis;
        this.one = one;
        this.many = many;
        this.model = model;
    }

    /** The positions combined, for display. */
    String words() {
        return words;
    }

    private int places() {
        return (int) type.dimension(placeAxis).size();
    }

    private Value declared(TensorType of, Value value) {
        builder.declare(value, of);
        return value;
    }

    /**
     * For positions that form a list.
     *
     * @param usual the default
     */
    Value list(Region region, Region usual) {
        Region chosen = region instanceof Region.Usual ? usual : region;
        return anywhere(chosen)
                .orElseThrow(() -> MapReader.usage(
                        model,
                        "its output is a list of " + places() + " positions without height and width",
                        "--detection N for one of them, or --region best, all or predicted"));
    }

    /** For positions in rows and columns. */
    Value map(Region region, int height, int width, PictureSize picture) {
        if (region instanceof Region.Place place) {
            return place(place, height, width, picture);
        }
        if (region instanceof Region.Box box) {
            return box(box, height, width, picture);
        }
        if (region instanceof Region.Mask mask) {
            return masked(mask, height, width, picture);
        }
        return anywhere(region).orElseGet(this::everywhere);
    }

    /** For regions that need no rows and columns. */
    private Optional<Value> anywhere(Region region) {
        if (region instanceof Region.Everywhere) {
            return Optional.of(everywhere());
        }
        if (region instanceof Region.Best) {
            return Optional.of(best());
        }
        if (region instanceof Region.Predicted) {
            return Optional.of(predicted());
        }
        return region instanceof Region.Numbered numbered ? Optional.of(numbered(numbered.box())) : Optional.empty();
    }

    private Value box(Region.Box box, int height, int width, PictureSize picture) {
        float[] inside = new float[height * width];
        for (int at = 0; at < inside.length; at++) {
            double x = (at % width + 0.5) * picture.width() / width;
            double y = (at / width + 0.5) * picture.height() / height;
            boolean within = x >= box.x() && x < box.x() + box.width() && y >= box.y() && y < box.y() + box.height();
            inside[at] = within ? 1 : 0;
        }
        return weighted(
                inside,
                "the box at " + box.x() + "," + box.y() + " of " + box.width() + "×" + box.height() + " pixels");
    }

    private Value everywhere() {
        words = "all " + places() + " " + many;
        weights = Optional.of(new Weights(Optional.empty(), builder.constant((float) places())));
        return declared(pooled, builder.node("ReduceSum", DROPPED, scores, builder.vector(placeAxis)));
    }

    private Value best() {
        words = "its best " + one + " of " + places();
        return declared(pooled, builder.node("ReduceMax", DROPPED, scores, builder.vector(placeAxis)));
    }

    private Value numbered(int number) {
        if (number < 0 || number >= places()) {
            throw MapReader.usage(model, "box " + number + " of " + places(), "a number from 0 to " + (places() - 1));
        }
        words = one + " " + number + " of " + places();
        weights = Optional.empty();
        return declared(
                pooled,
                builder.node(
                        "Gather", Attributes.NONE.with("axis", placeAxis), scores, builder.constant(Tensor.scalar((long)
                                number))));
    }

    /** The positions where a class scores highest, by ArgMax, which passes no gradient. */
    private Value predicted() {
        words = "the " + many + " where it scores highest";
        long classes = type.dimension(classAxis).size();
        Value best =
                builder.node("ArgMax", Attributes.NONE.with("axis", classAxis).with("keepdims", 0), scores);
        builder.declare(best, new TensorType(ElementType.INT64, List.of(type.dimension(0), type.dimension(placeAxis))));
        Value shares = declared(
                type,
                builder.node(
                        "OneHot",
                        Attributes.NONE.with("axis", classAxis),
                        best,
                        builder.constant(Tensor.vector(classes)),
                        builder.constant(Tensor.floats(new float[] {0, 1}, 2))));
        Value total = declared(pooled, builder.node("ReduceSum", DROPPED, shares, builder.vector(placeAxis)));
        Value bounded = declared(pooled, builder.node("Max", total, builder.constant(1f)));
        weights = Optional.of(new Weights(Optional.of(shares), bounded));
        return sum(scores, shares);
    }

    private Value sum(Value values, Value shares) {
        Value chosen = declared(type, builder.node("Mul", values, shares));
        return declared(pooled, builder.node("ReduceSum", DROPPED, chosen, builder.vector(placeAxis)));
    }

    private Value place(Region.Place place, int height, int width, PictureSize picture) {
        if (place.x() < 0 || place.y() < 0 || place.x() >= picture.width() || place.y() >= picture.height()) {
            throw MapReader.usage(
                    model,
                    "--place " + place.x() + "," + place.y() + " is outside the network's input",
                    "x from 0 to " + (picture.width() - 1) + " and y from 0 to " + (picture.height() - 1));
        }
        int row = (int) ((long) place.y() * height / picture.height());
        int column = (int) ((long) place.x() * width / picture.width());
        float[] one = new float[height * width];
        one[row * width + column] = 1;
        return weighted(one, "the position in row " + row + ", column " + column + " of " + height + "×" + width);
    }

    private Value masked(Region.Mask mask, int height, int width, PictureSize picture) {
        boolean fits = mask.width() == width && mask.height() == height
                || mask.width() == picture.width() && mask.height() == picture.height();
        if (!fits) {
            throw MapReader.usage(
                    model,
                    "mask " + mask.name() + " is " + mask.width() + "×" + mask.height() + " pixels",
                    picture.width() + "×" + picture.height() + ", the network's input, or " + width + "×" + height
                            + ", its output");
        }
        float[] inside = new float[height * width];
        for (int at = 0; at < inside.length; at++) {
            int x = (int) ((at % width + 0.5) * mask.width() / width);
            int y = (int) ((at / width + 0.5) * mask.height() / height);
            inside[at] = mask.pixels().get(y * mask.width() + x) ? 1 : 0;
        }
        return weighted(inside, "the mask " + mask.name());
    }

    private Value weighted(float[] each, String name) {
        float total = 0;
        for (float weight : each) {
            total += weight;
        }
        if (total == 0) {
            throw MapReader.usage(
                    model, name + " contains none of the output's " + each.length + " positions", "at least one");
        }
        words = name + ", " + (int) total + " of " + each.length + " places";
        Value shares = builder.constant(
                "region",
                classAxis == 1 ? Tensor.floats(each, 1, 1, each.length) : Tensor.floats(each, 1, each.length, 1));
        weights = Optional.of(new Weights(Optional.of(shares), builder.constant(total)));
        return sum(scores, shares);
    }

    /** The mean of other values over the same positions, {@code f32[N,classes]}; empty if a single position counts. */
    Optional<Value> mean(Value values) {
        return weights.map(of -> {
            Value sum = of.each()
                    .map(shares -> sum(values, shares))
                    .orElseGet(() ->
                            declared(pooled, builder.node("ReduceSum", DROPPED, values, builder.vector(placeAxis))));
            return declared(pooled, builder.node("Div", sum, of.total()));
        });
    }
}
