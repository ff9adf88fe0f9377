package com.example.orders;

import java.security.Principal;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** GET /orders for whoever has a token that ISSUER made for «orders». */
@SpringBootApplication
@RestController
public class Orders {

    public static void main(String[] args) {
        SpringApplication.run(Orders.class, args);
    }

    @GetMapping("/orders")
    String orders(Principal caller) {
        return "orders of " + caller.getName() + "\n";
    }
}
