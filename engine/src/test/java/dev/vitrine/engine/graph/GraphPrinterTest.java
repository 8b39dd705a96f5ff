package dev.vitrine.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphPrinterTest {
    @Test
    void oneLineANode() {
        GraphBuilder body = new GraphBuilder();
        body.output(body.node("Neg", new Value("Clip")));
        GraphBuilder builder = new GraphBuilder();
        Value image = builder.input(
                "image",
                new TensorType(
                        ElementType.FLOAT32,
                        List.of(Dimension.named("N"), Dimension.of(3), Dimension.UNKNOWN, Dimension.of(8))));
        Value flag = builder.input("flag", TensorType.of(ElementType.BOOL));
        Value weight = builder.constant("w", Tensor.zeros(ElementType.FLOAT32, 16, 3, 3, 3));
        Value conv = builder.node("Conv", Attributes.NONE.with("pads", new long[] {1, 1, 1, 1}), image, weight);
        Value clip = builder.node("Clip", conv, Value.NONE, builder.constant(6f));
        Value branch =
                builder.node("If", Attributes.NONE.with("then_branch", new AttributeValue.OfGraph(body.build())), flag);
        builder.add(new Node(
                "top",
                "com.example",
                "Top",
                List.of(clip, branch),
                List.of(new Value("values"), Value.NONE),
                new Attributes(Map.of(
                        "mode", new AttributeValue.OfText("best"),
                        "scale", new AttributeValue.OfFloat(2),
                        "words", new AttributeValue.OfTexts(List.of("a", "b")),
                        "table", new AttributeValue.OfTensor(Tensor.longs(new long[4], 2, 2)),
                        "weights", new AttributeValue.OfFloats(List.of(.5f, 1e-9f))))));
        builder.output(new Value("values"));

        assertThat(GraphPrinter.print(builder.build())).isEqualTo("""
                        opset 21
                        input image: f32[N,3,?,8]
                        input flag: bool[]
                        Conv: f32[N,16,?,8] = Conv(image, w f32[16,3,3,3]) {pads=[1,1,1,1]}
                        Clip: f32[N,16,?,8] = Clip(Conv, _, 6.0)
                        If = If(flag)
                          then_branch:
                            Neg = Neg(Clip)
                            output Neg
                        values, _ = com.example.Top(Clip, If) \
                        {mode='best', scale=2.0, table=i64[2,2], weights=[0.5,1.0e-9], words=['a','b']}
                        output values
                        """);
    }
}
