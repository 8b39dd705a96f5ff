package dev.vitrine.engine.graph;

import dev.vitrine.engine.tensor.Tensor;
import java.util.List;

/** The value of one attribute of a node. */
public sealed interface AttributeValue {
    record OfLong(long value) implements AttributeValue {}

    record OfFloat(float value) implements AttributeValue {}

    record OfText(String value) implements AttributeValue {}

    record OfTensor(Tensor value) implements AttributeValue {}

    record OfLongs(List<Long> values) implements AttributeValue {
        public OfLongs {
            values = List.copyOf(values);
        }
    }

    record OfFloats(List<Float> values) implements AttributeValue {
        public OfFloats {
            values = List.copyOf(values);
        }
    }

    record OfTexts(List<String> values) implements AttributeValue {
        public OfTexts {
            values = List.copyOf(values);
        }
    }

    /** The body of a branch or a loop, which may also read values of the enclosing graph. */
    record OfGraph(Graph body) implements AttributeValue {}
}
