package dev.vitrine.lens.objective;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.head.BoxFormat;
import dev.vitrine.lens.model.head.Detections;
import dev.vitrine.lens.model.head.Places;
import java.util.List;

/**
 * max over the boxes of IoU(box, target) · cos(classes, target's classes) · objectness. Petsiuk et al. 2021,
 * arXiv:2006.03204, equation 2. A detector without objectness has 1 in its place, or the score itself where there is one
 * class, since the cosine of single numbers is 1 whatever they are.
 *
 * @param box left, top, right, bottom of the target, in the detector's own unit
 * @param classes scores of the target's classes, 0..1
 */
public record DetectionLikeness(BoxFormat format, List<Float> box, List<Float> classes) implements OutputObjective {
    private static final float LEAST = 1e-12f;
    private static final Attributes KEPT = Attributes.NONE.with("keepdims", 1);

    public DetectionLikeness {
        box = List.copyOf(box);
        classes = List.copyOf(classes);
    }

    @Override
    public String description() {
        return "likeness of detections";
    }

    @Override
    public Emitted emit(Model model, GraphBuilder builder) {
        Detections detections = model.head()
                .places()
                .flatMap(Places::detections)
                .orElseThrow(
                        () -> VitrineException.usage("Output '" + model.head().output() + "' is "
                                + model.head().words() + "; expected a detector with boxes."));
        return new Emission(model, builder, detections).emit();
    }

    private final class Emission {
        private final Model model;
        private final GraphBuilder builder;
        private final Detections detections;
        private final TensorType column;

        Emission(Model model, GraphBuilder builder, Detections detections) {
            this.model = model;
            this.builder = builder;
            this.detections = detections;
            long count = model.head().places().orElseThrow().count();
            this.column =
                    new TensorType(ElementType.FLOAT32, List.of(model.batch(), Dimension.of(count), Dimension.of(1)));
        }

        private Value node(String operator, Value... inputs) {
            return declared(builder.node(operator, inputs));
        }

        private Value declared(Value value) {
            builder.declare(value, column);
            return value;
        }

        private Value number(double value) {
            return builder.constant((float) value);
        }

        private Value corner(int index) {
            return declared(builder.node(
                    "Slice", detections.boxes(), builder.vector(index), builder.vector(index + 1), builder.vector(2)));
        }

        Emitted emit() {
            Value product = node("Mul", overlap(), alike());
            Value scored = detections
                    .objectness()
                    .map(there -> node("Mul", product, there))
                    .orElseGet(() -> classes.size() == 1 ? node("Mul", product, detections.classes()) : product);
            TensorType one = new TensorType(ElementType.FLOAT32, List.of(model.batch()));
            Value best = builder.node("ReduceMax", Attributes.NONE.with("keepdims", 0), scored, builder.vector(1, 2));
            builder.declare(best, one);
            return new Emitted(best, model.head().anchor());
        }

        /** Intersection over union with the target, {@code f32[N,boxes,1]}. */
        private Value overlap() {
            Value first = corner(0);
            Value second = corner(1);
            Value third = corner(2);
            Value fourth = corner(3);
            Value left = first;
            Value top = second;
            Value right = third;
            Value bottom = fourth;
            if (format == BoxFormat.CXCYWH) {
                left = node("Sub", first, node("Mul", third, number(0.5)));
                top = node("Sub", second, node("Mul", fourth, number(0.5)));
            }
            if (format != BoxFormat.XYXY) {
                right = node("Add", left, third);
                bottom = node("Add", top, fourth);
            }
            Value width = side(node("Min", right, number(box.get(2))), node("Max", left, number(box.get(0))));
            Value height = side(node("Min", bottom, number(box.get(3))), node("Max", top, number(box.get(1))));
            Value common = node("Mul", width, height);
            Value area = node("Mul", side(right, left), side(bottom, top));
            double own = (double) (box.get(2) - box.get(0)) * (box.get(3) - box.get(1));
            Value union = node("Sub", node("Add", area, number(own)), common);
            return node("Div", common, node("Max", union, number(LEAST)));
        }

        private Value side(Value to, Value from) {
            return node("Max", node("Sub", to, from), number(0));
        }

        /** Cosine of the classes with the target's, {@code f32[N,boxes,1]}. */
        private Value alike() {
            float[] target = new float[classes.size()];
            double square = 0;
            for (int index = 0; index < target.length; index++) {
                target[index] = classes.get(index);
                square += (double) target[index] * target[index];
            }
            for (int index = 0; index < target.length; index++) {
                target[index] /= (float) Math.max(LEAST, Math.sqrt(square));
            }
            Value products = builder.node(
                    "Mul",
                    detections.classes(),
                    builder.constant("target classes", Tensor.floats(target, 1, 1, target.length)));
            builder.declare(products, builder.type(detections.classes()).orElseThrow());
            Value dot = declared(builder.node("ReduceSum", KEPT, products, builder.vector(2)));
            Value length = declared(builder.node("ReduceL2", KEPT, detections.classes(), builder.vector(2)));
            return node("Div", dot, node("Max", length, number(LEAST)));
        }
    }
}
