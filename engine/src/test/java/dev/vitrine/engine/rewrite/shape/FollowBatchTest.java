package dev.vitrine.engine.rewrite.shape;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.tensor.ElementType;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowBatchTest {
    /** A chain of reshapes that name a batch of 2. */
    private static Graph chain(int length) {
        GraphBuilder builder = new GraphBuilder();
        Value value = builder.input("x", TensorType.of(ElementType.FLOAT32, 2, 6));
        for (int i = 0; i < length; i++) {
            value = builder.node("Reshape", value, i % 2 == 0 ? builder.vector(2, 2, 3) : builder.vector(2, 6));
        }
        return builder.output(value).build();
    }

    private static long allocated(Graph graph) {
        FollowBatch transform = new FollowBatch(new Value("x"), graph.types(), Map.of());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        Graph followed = transform.apply(graph);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(followed.constant(followed.nodes().get(0).input(1))
                        .orElseThrow()
                        .toLongs())
                .containsExactly(0, -1, 3);
        return bytes;
    }

    @Test
    void takesMemoryLinearInTheNumberOfNodes() {
        allocated(chain(50));
        double few = allocated(chain(250));
        double many = allocated(chain(2000));
        assertThat(many / few).as("8 times the nodes").isLessThan(16);
    }
}
