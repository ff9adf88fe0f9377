package com.example.orders;

import java.security.Principal;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** GET /orders for whoever has a token that ISSUER made for «orders». Nothing here may block, and nothing does. */
@SpringBootApplication
@RestController
public class Orders {

    public static void main(String[] args) {
        SpringApplication.run(Orders.class, args);
    }

    @GetMapping("/orders")
    Mono<String> orders(Mono<Principal> caller) {
        return caller.map(principal -> "orders of " + principal.getName() + "\n");
    }
}
