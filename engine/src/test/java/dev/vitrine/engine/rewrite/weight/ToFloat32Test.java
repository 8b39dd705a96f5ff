package dev.vitrine.engine.rewrite.weight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.GraphPrinter;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.FloatConversion;
import dev.vitrine.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ToFloat32Test {
    @Test
    void everyFloatBecomesFloat32AndNothingElseChanges() {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT16, 1, 2));
        Value weight = builder.constant(
                "w", FloatConversion.convert(Tensor.floats(new float[] {1.5f, -2}, 2), ElementType.FLOAT16));
        Value wide = builder.node("Cast", Attributes.NONE.with("to", 11L), x);
        Value narrow = builder.node("Cast", Attributes.NONE.with("to", 10L), wide);
        Value whole = builder.node("Cast", Attributes.NONE.with("to", 7L), narrow);
        Value product = builder.node("Mul", narrow, weight);
        Value sum = builder.node("ReduceSum", product, builder.vector(1));
        Graph graph = builder.output(sum).output(whole).build();

        assertThat(GraphPrinter.print(new ToFloat32().apply(graph))).isEqualTo("""
                        opset 21
                        input x: f32[1,2]
                        Cast: f32[1,2] = Cast(x) {to=1}
                        Cast_1: f32[1,2] = Cast(Cast) {to=1}
                        Cast_2: i64[1,2] = Cast(Cast_1) {to=7}
                        Mul: f32[1,2] = Mul(Cast_1, [1.5,-2.0])
                        ReduceSum: f32[1,1] = ReduceSum(Mul, [1])
                        output ReduceSum: f32[1,1]
                        output Cast_2: i64[1,2]
                        """);
    }

    @Test
    void aFloat32GraphStaysAsItIs() {
        GraphBuilder builder = new GraphBuilder();
        Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 1, 2));
        Graph graph = builder.output(builder.node("Cast", Attributes.NONE.with("to", 9L), x))
                .build();

        assertThat(new ToFloat32().apply(graph)).isEqualTo(graph);
    }
}
